import type { Snapshot } from '../../config/snapshot.ts'
import { compileRoutes, type RouteTable } from '../../path/2-route/table.ts'
import { splitTarget } from '../../path/2-route/target.ts'
import { uploadRouteAt } from '../../path/2-route/upload-route.ts'
import type { Policy } from '../../policy/policy.ts'
import type { ReadSuite } from '../suite/read-suite.ts'
import type { Case } from '../suite/suite-schema.ts'
import { type Aim, aimAt } from './aim.ts'

/** A case with where it is sent. */
export interface PlannedCase {
  readonly suite: ReadSuite
  readonly case: Case
  /** Null where the case says itself where it goes. */
  readonly aim: Aim | null
  /** What decides there; null where no policy does, or where no configuration says so. */
  readonly policy: Policy | null
  /** Fields that the policy requires and the suite of a pack cannot know of. */
  readonly addedFields: readonly string[]
  /** Why it is not sent; null where it is. */
  readonly skipped: string | null
}

export interface Plan {
  readonly cases: readonly PlannedCase[]
  /** What keeps suites from being sent, as sentences. */
  readonly obstacles: readonly string[]
}

type Planned = Plan['cases'] | string

/** What is sent where. `snapshot` is null where no configuration was named: then cases must have paths of their own. */
export function planCases(suites: readonly ReadSuite[], snapshot: Snapshot | null): Plan {
  const table = snapshot === null ? null : routesOf(snapshot)
  const planned = suites.flatMap((suite): Planned[] => {
    if (table === null || snapshot === null) return [withoutRoutes(suite)]
    if (suite.policy === undefined && suite.pack === undefined) return [byPaths(suite, table)]
    const names = policiesFor(suite, snapshot)
    if (names.length === 0)
      return [`${suite.file}: no policy of the configuration takes forms and extends ${suite.pack}`]
    return names.map((name) => aimed(suite, name, snapshot, table))
  })
  return {
    cases: planned.filter((one) => typeof one !== 'string').flat(),
    obstacles: planned.filter((one) => typeof one === 'string'),
  }
}

function routesOf({ configuration, policies }: Snapshot): RouteTable {
  const policyOf = (name: string | null): Policy | null => (name === null ? null : (policies.get(name) ?? null))
  return compileRoutes(configuration.routes.map((route) => ({ ...route, policy: policyOf(route.policy) })))
}

function policiesFor({ policy, pack }: ReadSuite, { configuration, policies }: Snapshot): readonly string[] {
  if (policy !== undefined) return [policy]
  return Object.entries(configuration.policies).flatMap(([name, settings]) =>
    settings.extends === pack && policies.get(name)?.request.channels.includes('multipart') ? [name] : [],
  )
}

function aimed(suite: ReadSuite, name: string, { policies }: Snapshot, table: RouteTable): Planned {
  const policy = policies.get(name)
  if (policy === undefined) return `${suite.file}: the configuration has no policy ${name}`
  const aim = aimAt(table, name)
  if (aim === null) return `${suite.file}: no route leads uploads to the policy ${name}`
  return suite.cases.map((one) => {
    const addedFields = suite.pack === undefined ? [] : missingFields(one, policy)
    return { suite, case: one, aim, policy, addedFields, skipped: whySkipped(one, policy) }
  })
}

function missingFields({ body, fields }: Case, { fields: { require } }: Policy): string[] {
  return body === undefined ? require.filter((name) => !Object.hasOwn(fields, name)) : []
}

function whySkipped({ needs }: Case, { name, files }: Policy): string | null {
  if (needs === undefined || files.types === 'any') return null
  const { types } = files
  const lacking = needs === 'any' ? ['any'] : needs.filter((type) => !types.includes(type))
  return lacking.length === 0 ? null : `${name} does not take ${lacking.join(', ')}`
}

function byPaths(suite: ReadSuite, table: RouteTable): PlannedCase[] {
  return suite.cases.map((one) => {
    const { method = 'POST', host = '127.0.0.1', path = '/' } = one.request
    const route = uploadRouteAt(table, { host, path: decoded(splitTarget(path).path), method })
    const policy = 'failed' in route ? null : route.policy
    return { suite, case: one, aim: null, policy, addedFields: [], skipped: null }
  })
}

/** A path that cannot be decoded leads to no policy; the gateway refuses it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function withoutRoutes(suite: ReadSuite): Planned {
  const pathless = suite.cases.find(({ request }) => request.path === undefined)
  if (pathless !== undefined) return `${suite.file}: name the configuration with -c, or give every case a path`
  return suite.cases.map((one) => ({ suite, case: one, aim: null, policy: null, addedFields: [], skipped: null }))
}
