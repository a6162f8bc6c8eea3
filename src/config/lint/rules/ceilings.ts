import type { Path } from '../../fault.ts'
import type { Snapshot } from '../../snapshot.ts'
import type { LintRule } from '../rule.ts'

interface Bounded {
  readonly path: Path
  readonly of: string | null
  readonly value: number | null
  readonly ceiling: string
  readonly most: number
}

/** A number that another one is always reached before misleads whoever counts on it. */
const neverReached: LintRule = {
  id: 'lint.setting.ceiling',
  level: 'warning',
  title: 'A limit that is never reached',
  why: 'another limit is always reached before, so that this one protects nothing',
  fix: 'lower it below the other one, or take it out',
  find: (snapshot) =>
    bounded(snapshot)
      .filter(({ value, most }) => value !== null && value > most)
      .map(({ path, of, ceiling, value, most }) => ({ path, of, found: `it is ${value}, and ${ceiling} is ${most}` })),
}

function bounded({ configuration }: Snapshot): Bounded[] {
  const { connections, uploads } = configuration.admission
  const places = (section: 'upstreams' | 'scanners'): Bounded[] =>
    Object.entries(configuration[section]).map(([name, settings]) => ({
      path: [section, name, 'uploads'],
      of: name,
      value: settings.uploads,
      ceiling: 'admission.uploads.active',
      most: uploads.active,
    }))
  return [
    {
      path: ['admission', 'connections', 'perClient'],
      of: null,
      value: connections.perClient,
      ceiling: 'admission.connections.total',
      most: connections.total,
    },
    ...places('upstreams'),
    ...places('scanners'),
  ]
}

export const ceilings: readonly LintRule[] = [neverReached]
