import { channelOf } from '../path/2-route/channel.ts'
import { type ChosenRoute, chooseRoute } from '../path/2-route/choose.ts'
import type { RouteTable } from '../path/2-route/table.ts'
import { type Change, compare } from '../policy/compare.ts'
import { redecide } from '../policy/redecide.ts'
import type { ProblemId } from '../problems/catalogue.ts'
import type { Violation } from '../problems/violation.ts'
import type { RecordedRequest, RecordedUpload } from './recorded.ts'

/** What a configuration would have done with a past upload, beside what was done. */
export interface Replayed {
  readonly change: Change
  readonly added: readonly ProblemId[]
  readonly dropped: readonly ProblemId[]
  /** Why it is undecidable, in clauses; empty otherwise. */
  readonly unknown: readonly string[]
  /** The route that it would take; null where it would take none. */
  readonly route: string | null
  /** Whether it would travel without anybody looking into it. */
  readonly uninspected: boolean
}

/** Chooses the route again, and has its policy decide again. */
export function replayUpload(table: RouteTable, upload: RecordedUpload): Replayed {
  if (isCut(upload)) return undecidable('the path was too long to be recorded', upload.route)
  const route = routeOf(table, upload, upload.facts.channel)
  if ('failed' in route) return refusedBy(route, upload, null)
  const { policy, name } = route
  const kept = { route: name, uninspected: false }
  if (policy === null) {
    return { change: 'laxer', added: [], dropped: enforcedIn(upload), unknown: [], route: name, uninspected: true }
  }
  const channel = channelOf(requestOf(upload, upload.facts.channel), policy)
  if (typeof channel === 'object') return refusedBy(channel, upload, name)
  const { change, added, dropped, gaps } = compare(upload.decided, redecide(policy, upload.facts, upload.reading))
  return { change, added, dropped, unknown: [...new Set(gaps.map(({ detail }) => detail))], ...kept }
}

/** Null where a body that was relayed would be relayed again. */
export function replayRelayed(table: RouteTable, request: RecordedRequest): Replayed | null {
  if (isCut(request)) return null
  const route = routeOf(table, request, 'raw')
  if ('failed' in route || route.policy === null) return null
  return undecidable('it was relayed without a policy, and nobody looked into it', route.name)
}

function undecidable(why: string, route: string | null): Replayed {
  return { change: 'undecidable', added: [], dropped: [], unknown: [why], route, uninspected: false }
}

function refusedBy({ id }: Violation, upload: RecordedUpload, route: string | null): Replayed {
  const change = upload.decided.action === 'refuse' ? 'otherwise' : 'stricter'
  return { change, added: [id], dropped: enforcedIn(upload), unknown: [], route, uninspected: false }
}

function enforcedIn({ decided }: RecordedUpload): ProblemId[] {
  return [...new Set(decided.findings.flatMap(({ rule, mode }) => (mode === 'enforce' ? [rule] : [])))]
}

/** As the audit cuts it. */
function isCut({ path }: RecordedRequest): boolean {
  return path.endsWith('...')
}

const contentTypes = {
  multipart: 'multipart/form-data; boundary=b',
  raw: 'application/octet-stream',
} as const

function routeOf(table: RouteTable, request: RecordedRequest, channel: 'multipart' | 'raw'): ChosenRoute | Violation {
  return chooseRoute(table, {
    ...requestOf(request, channel),
    rawHeaders: [],
    host: request.host,
    target: request.path,
  })
}

function requestOf({ method }: RecordedRequest, channel: 'multipart' | 'raw') {
  return { method, body: { kind: 'chunked' } as const, headers: { 'content-type': contentTypes[channel] } }
}
