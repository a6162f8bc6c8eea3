import type { Snapshot } from '../../snapshot.ts'
import { policiesInUse } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

type Section = 'policies' | 'limits' | 'upstreams' | 'scanners'

/** What is written down and never asked: mostly a name that was forgotten in a route or a policy. */
export const unused: readonly LintRule[] = [
  nobodyNames(
    'policies',
    'policy',
    'A policy',
    'no route names it, so that it decides on nothing',
    ({ configuration }) => [
      ...configuration.routes.map(({ policy }) => policy),
      ...Object.values(configuration.policies).map(({ candidate }) => candidate),
    ],
  ),
  nobodyNames('limits', 'limit', 'A limit', 'no route names it, so that it limits nobody', ({ configuration }) =>
    configuration.routes.flatMap(({ limits }) => limits),
  ),
  nobodyNames(
    'upstreams',
    'upstream',
    'An upstream',
    'no route names it, so that it gets no requests',
    ({ configuration }) => configuration.routes.map(({ upstream }) => upstream),
  ),
  nobodyNames('scanners', 'scanner', 'A scanner', 'no policy names it, so that it sees no file', ({ policies }) =>
    [...policies.values()].flatMap(({ files }) => files.scanners),
  ),
  {
    id: 'lint.quarantine.unused',
    level: 'warning',
    title: 'A quarantine that keeps nothing',
    why: 'no policy that a route names keeps what it refuses, although there is a place for it',
    fix: 'set onRefused of a policy to quarantine, or take the section out',
    find: (snapshot) =>
      snapshot.configuration.quarantine === null ||
      policiesInUse(snapshot).some(({ onRefused }) => onRefused === 'quarantine')
        ? []
        : [{ path: ['quarantine'], of: null, found: 'no policy in use keeps what it refuses' }],
  },
]

function nobodyNames(
  section: Section,
  what: string,
  subject: string,
  why: string,
  named: (snapshot: Snapshot) => readonly (string | null)[],
): LintRule {
  return {
    id: `lint.${what}.unused`,
    level: 'warning',
    title: `${subject} that nothing names`,
    why,
    fix: 'name it where it should hold, or take it out',
    find: (snapshot) => {
      const inUse = new Set(named(snapshot))
      return Object.keys(snapshot.configuration[section])
        .filter((name) => !inUse.has(name))
        .map((name) => ({ path: [section, name], of: name, found: `nothing names ${what} ${name}` }))
    },
  }
}
