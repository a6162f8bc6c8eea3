import type { LimitSettings } from '../config/configuration.ts'
import { formatPath } from '../config/fault.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { compareKeys } from './compare-keys.ts'
import type { Difference } from './difference.ts'
import type { Keys } from './key.ts'
import { limitKeys, upstreamKeys } from './keys/routing.ts'
import { scannerKeys } from './keys/scanner.ts'
import { pathOf, withoutEffect } from './subject.ts'

/** Limits, upstreams and scanners that both sides have. */
export function namedDifferences(before: Snapshot, after: Snapshot): Difference[] {
  const [old, current] = [before.configuration, after.configuration]
  const compare = (section: Shared, keys: Keys, name: string, [one, other]: readonly [unknown, unknown]) => {
    const differences = compareKeys(keys, one, other, { path: pathOf(section, name), name: null })
    const used = [before, after].some((snapshot) => isNamed(section, name, snapshot))
    return used ? differences : withoutEffect(differences, 'nothing names it')
  }
  return [
    ...shared(old.limits, current.limits).flatMap(([name, pair]) =>
      compare('limits', limitKeys, name, limitViews(...pair)),
    ),
    ...shared(old.upstreams, current.upstreams).flatMap(([name, pair]) =>
      compare('upstreams', upstreamKeys, name, pair),
    ),
    ...shared(old.scanners, current.scanners).flatMap(([name, pair]) => compare('scanners', scannerKeys, name, pair)),
  ]
}

type Shared = 'limits' | 'upstreams' | 'scanners'
type Section = Shared | 'policies'
type Named<Settings> = Readonly<Record<string, Settings>>

function shared<Settings>(before: Named<Settings>, after: Named<Settings>) {
  return Object.entries(after).flatMap(([name, settings]) => {
    const old = before[name]
    return old === undefined ? [] : [[name, [old, settings]] as const]
  })
}

/** What came or went under a name. It does nothing by itself: routes and policies tell what it does where they name it. */
export function nameDifferences(before: Snapshot, after: Snapshot): Difference[] {
  const sections: readonly Section[] = ['policies', 'limits', 'upstreams', 'scanners']
  return sections.flatMap((section) => {
    const [old, current] = [before, after].map(({ configuration }) => Object.keys(configuration[section]))
    const added = without(current, old).map((name) => named(section, name, 'new'))
    const removed = without(old, current).map((name) => named(section, name, 'gone'))
    return [...added, ...removed]
  })
}

function without(names: readonly string[] = [], others: readonly string[] = []): readonly string[] {
  return names.filter((name) => !others.includes(name))
}

function named(section: Section, name: string, what: 'new' | 'gone'): Difference {
  const path = formatPath([section, name])
  const [before, after] = what === 'new' ? [null, 'present'] : ['present', null]
  return { effect: 'changed', path, before, after, words: `${path} is ${what}` }
}

function isNamed(section: Shared, name: string, snapshot: Snapshot): boolean {
  const { routes } = snapshot.configuration
  if (section === 'limits') return routes.some(({ limits }) => limits.includes(name))
  if (section === 'upstreams') return routes.some(({ upstream }) => upstream === name)
  return [...snapshot.policies.values()].some(({ files }) => files.scanners.includes(name))
}

/** A burst that neither side writes is that of the rate, which tells itself. */
function limitViews(before: LimitSettings, after: LimitSettings): readonly [object, object] {
  const isWritten = before.burst !== undefined || after.burst !== undefined
  return [limitView(before, isWritten), limitView(after, isWritten)]
}

function limitView(limit: LimitSettings, withBurst: boolean): object {
  const { rate = null, burst, bytes = null, files = null, concurrent = null } = limit
  return { ...limit, rate, burst: withBurst ? (burst ?? rate?.amount ?? null) : null, bytes, files, concurrent }
}
