import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Metrics } from '../metrics/registry.ts'
import { problemAnswer } from '../problems/answer.ts'
import type { ProblemId } from '../problems/catalogue.ts'
import { refusal, violation } from '../problems/violation.ts'
import { connectionOf } from './1-connection/connection.ts'
import { answerEarly } from './1-connection/early-answer.ts'
import { Lingering } from './1-connection/linger.ts'
import type { CapReason } from './1-connection/open-connections.ts'

const problemOf = {
  total: 'admission.connections',
  client: 'admission.connections.client',
} as const satisfies Readonly<Record<CapReason, ProblemId>>

/** Apart from those of refused requests, so that a flood of connects keeps nobody else from reading a refusal. */
const turnedAway = new Lingering({ total: 3_000, silence: 1_000, bytes: 1024 * 1024, connections: 256 })

/**
 * Answers a connection that cannot be had, before anything of it is read; a flood of them is cut off without a word.
 * It leaves no audit line, as there was no request: it would write more to the disk than a flood sends.
 */
export function refuseConnection(socket: Socket, reason: CapReason, metrics: Metrics): void {
  metrics.connectionsRefused.of({ reason }).inc()
  if (turnedAway.full) {
    socket.resetAndDestroy()
    return
  }
  const id = problemOf[reason]
  metrics.problems.of({ id }).inc()
  const context = { requestId: randomUUID(), policy: null, owner: null, accept: undefined, method: 'GET' }
  const answer = problemAnswer(refusal(violation(id)), context)
  answerEarly(connectionOf(socket), answer, (bytes) => metrics.drainedBytes.inc(bytes), turnedAway)
}
