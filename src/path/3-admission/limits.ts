import type { LimitedRequest } from '../../limits/limited-request.ts'
import type { Limiter } from '../../limits/limiter.ts'
import { ceilings } from '../../policy/ceilings.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Violation } from '../../problems/violation.ts'
import type { ContentStore, InboundRequest } from '../types.ts'
import { announcedLength, exceedsCeiling } from './admit.ts'

interface LimitedRoute {
  readonly index: number
  readonly policy: Policy | null
}

/**
 * Asks the limits of the route, from the headers alone. `channel`: how the request brings its body, or why not. Null,
 * without a promise, where the route has none.
 */
export function admitByLimits(
  limiter: Limiter,
  request: InboundRequest,
  route: LimitedRoute,
  channel: string | Violation,
): Promise<LimitedRequest> | null {
  const upload = channel === 'multipart' || channel === 'raw'
  const bytes = isRead(request, route, channel) ? announcedLength(request) : 0
  return limiter.admit(route.index, request, { bytes, upload })
}

/** What is refused by its headers costs no bytes. */
function isRead(request: InboundRequest, { policy }: LimitedRoute, channel: string | Violation): boolean {
  if (typeof channel === 'object' || request.body.kind === 'none') return false
  return policy === null || !exceedsCeiling(request, ceilings(policy))
}

type Room = Pick<ContentStore, 'failure' | 'settled'>

/** The room for a body, as far as its limits let it come. `received`: the bytes so far. */
export function metered(room: Room, received: () => number, limits: LimitedRequest): Room {
  return {
    get failure() {
      return limits.refusal?.violations[0] ?? room.failure
    },
    settled(read) {
      const held = room.settled(read)
      const counted = limits.came(received())
      return held === null || counted === null ? (held ?? counted) : Promise.all([held, counted]).then(() => undefined)
    },
  }
}
