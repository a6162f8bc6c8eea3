import type { Policy } from '../../policy/policy.ts'
import { compileHost, type HostPattern, matchHost } from './host.ts'
import { compilePath, matchSegments, type PathPattern } from './pattern.ts'

/** An entry of `routes`, with its policy looked up. */
export interface RouteSpec {
  readonly host?: string | null
  readonly path: string
  readonly methods?: readonly string[] | null
  readonly upstream: string
  readonly policy?: Policy | null
  readonly uploads?: 'pass' | null
}

export interface Route {
  /** Position in the configuration, from 0. */
  readonly index: number
  /** Host and path as configured: one of a closed set, fit for a label. */
  readonly name: string
  readonly upstream: string
  readonly policy: Policy | null
  /** Whether a route without a policy lets uploads through. */
  readonly uploadsPass: boolean
  readonly host: HostPattern | null
  readonly path: PathPattern
  /** Null: every method. */
  readonly methods: ReadonlySet<string> | null
}

export interface RouteTable {
  readonly routes: readonly Route[]
  /** Routes that can match a path with this first segment, in order. */
  readonly byFirst: ReadonlyMap<string, readonly Route[]>
  /** Routes whose pattern begins with a wildcard, in order: for every other first segment. */
  readonly others: readonly Route[]
  /** Routes with a policy, in order. */
  readonly uploads: readonly Route[]
  /** Hosts on which some route has a policy; a null member is every host. */
  readonly governed: readonly (HostPattern | null)[]
}

/**
 * Compiles the routes once per configuration.
 * @throws TypeError on a malformed pattern, which the configuration has refused before.
 */
export function compileRoutes(specs: readonly RouteSpec[]): RouteTable {
  const routes = specs.map(compileRoute)
  const firsts = new Set(routes.map(firstOf))
  const candidates = (first: string | null): Route[] =>
    routes.filter((route) => firstOf(route) === null || firstOf(route) === first)
  const byFirst = new Map<string, Route[]>()
  for (const first of firsts) if (first !== null) byFirst.set(first, candidates(first))
  const uploads = routes.filter((route) => route.policy !== null)
  const anyHost = uploads.some((route) => route.host === null)
  const governed = anyHost ? [null] : uploads.map((route) => route.host)
  return { routes, byFirst, others: candidates(null), uploads, governed }
}

function compileRoute(spec: RouteSpec, index: number): Route {
  const host = spec.host ?? null
  const policy = spec.policy ?? null
  return Object.freeze({
    index,
    name: nameOf(spec),
    upstream: spec.upstream,
    policy,
    uploadsPass: policy === null && spec.uploads === 'pass',
    host: host === null ? null : compileHost(host),
    path: compilePath(spec.path),
    methods: compileMethods(spec.methods ?? null),
  })
}

/** Host and path as configured: what metrics, the audit and the log call a route. */
export function nameOf({ host, path }: Pick<RouteSpec, 'host' | 'path'>): string {
  return `${host ?? ''}${path}`
}

/** HEAD goes where GET goes, since it asks for the headers of the same answer (RFC 9110 section 9.3.2). */
function compileMethods(methods: readonly string[] | null): ReadonlySet<string> | null {
  return methods === null ? null : new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)
}

/** The literal that every matching path begins with, or null. */
function firstOf({ path }: Route): string | null {
  return path.segments[0] ?? null
}

export function isGoverned(table: RouteTable, hostname: string): boolean {
  return table.governed.some((host) => matchHost(host, hostname))
}

/** The routes that match host and path, whatever the method, in order. */
export function* routesAt(table: RouteTable, hostname: string, segments: readonly string[]): Generator<Route> {
  for (const route of table.byFirst.get(segments[0] ?? '') ?? table.others) {
    if (matchHost(route.host, hostname) && matchSegments(route.path.segments, route.path.rest, segments)) yield route
  }
}

export function acceptsMethod(route: Route, method: string): boolean {
  return route.methods === null || route.methods.has(method)
}
