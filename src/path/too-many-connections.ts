import { randomUUID } from 'node:crypto'
import { type Answer, problemAnswer } from '../problems/answer.ts'
import { refusal, violation } from '../problems/violation.ts'
import type { Cap } from './1-connection/connection-caps.ts'

const failed: Readonly<Record<Cap, string>> = {
  total: 'the gateway has as many connections as it may',
  client: 'there are as many connections from this address as there may be',
}

/** What a connection is told that is one too many; nothing of it was read. */
export function tooManyConnections(cap: Cap): Answer {
  const refused = refusal(violation('admission.connections', { failed: failed[cap] }))
  const context = { requestId: randomUUID(), policy: null, owner: null, accept: undefined, method: 'GET' }
  return problemAnswer(refused, context)
}
