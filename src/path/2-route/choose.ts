import type { Policy } from '../../policy/policy.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type { InboundRequest } from '../types.ts'
import { checkDetours } from './default-deny.ts'
import { hostnameOf } from './host.ts'
import { splitPath } from './pattern.ts'
import { acceptsMethod, isGoverned, type Route, type RouteTable, routesAt } from './table.ts'
import { normaliseTarget, plainSegments } from './target.ts'

export interface ChosenRoute {
  /** Position in the configuration, from 0. */
  readonly index: number
  /** Host and path as configured: one of a closed set, fit for a label. */
  readonly name: string
  readonly upstream: string
  readonly policy: Policy | null
  /** Whether a route without a policy lets uploads through. */
  readonly uploadsPass: boolean
}

export type Routed = Pick<InboundRequest, 'method' | 'target' | 'host' | 'rawHeaders' | 'headers' | 'body'>

/**
 * The first route by host, path and method, unless the request looks for a way round a policy. On a host with a policy
 * the path must be readable in one way only; on others the target is matched and relayed as it is. A Violation is told
 * from a route by its `failed`.
 */
export function chooseRoute(table: RouteTable, request: Routed): ChosenRoute | Violation {
  const hostname = hostnameOf(request.host)
  const segments = readSegments(isGoverned(table, hostname), request.target)
  if ('failed' in segments) return segments
  let route: Route | null = null
  let otherMethods = false
  for (const candidate of routesAt(table, hostname, segments)) {
    if (acceptsMethod(candidate, request.method)) {
      route = candidate
      break
    }
    otherMethods = true
  }
  return (
    checkDetours(table, request, { hostname, segments, route }) ??
    route ??
    violation(otherMethods ? 'route.method' : 'route.none')
  )
}

function readSegments(governed: boolean, target: string): string[] | Violation {
  // A question about the whole server (RFC 9112 3.2.4), of which each route leads to another; undici cannot send it.
  if (target === '*') return violation('route.target.invalid', { failed: 'the target "*" names no path' })
  if (!governed) return plainSegments(target)
  const read = normaliseTarget(target)
  return 'failed' in read ? read : splitPath(read.path)
}

/** The methods that routes accept at the request's address: Allow of the answer to `route.method`. */
export function allowedMethods(table: RouteTable, request: Pick<InboundRequest, 'target' | 'host'>): string[] {
  const hostname = hostnameOf(request.host)
  const segments = readSegments(isGoverned(table, hostname), request.target)
  if ('failed' in segments) return []
  const methods = new Set<string>()
  for (const { methods: some } of routesAt(table, hostname, segments))
    for (const method of some ?? []) methods.add(method)
  return [...methods].sort()
}
