import { problemAnswer } from '../problems/answer.ts'
import { refusal, type Violation } from '../problems/violation.ts'
import type { Connection } from './1-connection/connection.ts'
import { answerEarly } from './1-connection/early-answer.ts'
import type { Surroundings } from './lifecycle.ts'
import { Trail } from './trail.ts'

/** Answers bytes that are no HTTP request, after the answers to the requests before them, and closes the connection. */
export function serveMalformed(connection: Connection, reason: Violation, surroundings: Surroundings): void {
  connection.serve(async () => {
    const trail = new Trail(surroundings.hash, connection.socket.remoteAddress ?? '')
    const refused = refusal(reason)
    const context = { requestId: trail.requestId, policy: null, owner: null, accept: undefined, method: 'GET' }
    answerEarly(connection, problemAnswer(refused, context), (bytes) => surroundings.metrics.drainedBytes.inc(bytes))
    trail.end = { kind: 'refused', refusal: refused }
    surroundings.record(trail.record())
  })
}
