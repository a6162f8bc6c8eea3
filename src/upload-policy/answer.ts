import { hostnameOf } from '../path/2-route/host.ts'
import { isGoverned, type RouteTable } from '../path/2-route/table.ts'
import { splitTarget } from '../path/2-route/target.ts'
import { type UploadRoute, uploadRouteAt } from '../path/2-route/upload-route.ts'
import type { InboundRequest } from '../path/types.ts'
import { type Violation, violation } from '../problems/violation.ts'
import { describePolicy } from './describe-policy.ts'
import { type StandingLimit, uploadPolicySchema } from './document.ts'

export const uploadPolicyPath = '/.well-known/upload-policy'
const schemaPath = `${uploadPolicyPath}/schema.json`

/** Longer paths are no upload addresses. */
const longestPath = 4096

/** What the client has left of the limits of a route, without taking anything. */
export type StandingAt = (request: InboundRequest, route: UploadRoute) => Promise<readonly StandingLimit[]>

export interface OwnAnswer {
  readonly status: 200
  /** Name and value by turns. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

/** Answers questions about the policy at a path (RFC 8615: a well-known address); null for every other request. */
export type AnswerUploadPolicy = (request: InboundRequest) => Promise<OwnAnswer | Violation> | null

/** Only hosts that some policy is for have the address; on others it is the backend's. */
export function answerUploadPolicy(table: RouteTable, standing: StandingAt): AnswerUploadPolicy {
  const schema = json('application/schema+json', uploadPolicySchema(), 'max-age=3600')
  return (request) => {
    const { path, query } = splitTarget(request.target)
    if (path !== uploadPolicyPath && path !== schemaPath) return null
    const isQuestion = request.method === 'GET' || request.method === 'HEAD'
    if (!isQuestion || request.body.kind !== 'none' || !isGoverned(table, hostnameOf(request.host))) return null
    return path === schemaPath ? Promise.resolve(schema) : describe(table, standing, request, query)
  }
}

async function describe(
  table: RouteTable,
  standing: StandingAt,
  request: InboundRequest,
  query: string,
): Promise<OwnAnswer | Violation> {
  const asked = new URLSearchParams(query)
  const path = asked.get('path') ?? ''
  if (!path.startsWith('/') || path.length > longestPath) return violation('route.policy.question')
  const route = uploadRouteAt(table, { host: request.host, path, method: asked.get('method') })
  if ('failed' in route) return route
  const limits = await standing(request, route)
  const methods = route.methods === null ? null : [...route.methods]
  return json('application/json', describePolicy(route.policy, { path, methods, limits }), 'no-store')
}

function json(type: string, value: object, caching: string): OwnAnswer {
  const body = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
  const links = type === 'application/json' ? ['Link', `<${schemaPath}>; rel="describedby"`] : []
  const length = String(body.length)
  return {
    status: 200,
    headers: [
      'Content-Type',
      type,
      'Content-Length',
      length,
      'Cache-Control',
      caching,
      'X-Content-Type-Options',
      'nosniff',
      ...links,
    ],
    body,
  }
}
