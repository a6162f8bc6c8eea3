import type { LimitSettings } from '../config/configuration.ts'
import { formatPath } from '../config/fault.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { compareKeys } from './compare-keys.ts'
import type { Difference } from './difference.ts'
import type { Keys } from './key.ts'
import { limitKeys, upstreamKeys } from './keys/routing.ts'
import { scannerKeys } from './keys/scanner.ts'
import { pathOf, withoutEffect } from './subject.ts'

type Section = 'policies' | 'limits' | 'upstreams' | 'scanners'

/** Limits, upstreams and scanners that both sides have. */
export function namedDifferences(before: Snapshot, after: Snapshot): Difference[] {
  return [
    ...within('limits', limitKeys, before, after, limitViews),
    ...within('upstreams', upstreamKeys, before, after),
    ...within('scanners', scannerKeys, before, after),
  ]
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

type Views<Settings> = (before: Settings, after: Settings) => readonly [unknown, unknown]

function within<Name extends 'limits' | 'upstreams' | 'scanners'>(
  section: Name,
  keys: Keys,
  before: Snapshot,
  after: Snapshot,
  views: Views<Snapshot['configuration'][Name][string]> = (one, other) => [one, other],
): Difference[] {
  return Object.entries(after.configuration[section]).flatMap(([name, settings]) => {
    const old = before.configuration[section][name]
    if (old === undefined) return []
    const [one, other] = views(old, settings)
    const differences = compareKeys(keys, one, other, { path: pathOf(section, name), name: null })
    const used = [before, after].some((snapshot) => isNamed(section, name, snapshot))
    return used ? differences : withoutEffect(differences, 'nothing names it')
  })
}

function isNamed(section: 'limits' | 'upstreams' | 'scanners', name: string, snapshot: Snapshot): boolean {
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
