import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { problemAnswer } from '../problems/answer.ts'
import type { ProblemId } from '../problems/catalogue.ts'
import { type Refusal, refusal, violation } from '../problems/violation.ts'

export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  refused: ProblemId | Refusal,
  allow: readonly string[] = [],
): void {
  const { status, headers, body } = problemAnswer(typeof refused === 'string' ? refusal(violation(refused)) : refused, {
    requestId: randomUUID(),
    policy: null,
    owner: null,
    accept: request.headers.accept,
    method: request.method ?? '',
    allow,
  })
  if (status === 401) headers.push('WWW-Authenticate', 'Bearer realm="sluice operations"')
  // Its body is not read: nothing after it can be a request.
  if (!request.complete) headers.push('Connection', 'close')
  response.writeHead(status, headers).end(body)
}

export function send(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text)
  response
    .writeHead(status, { 'Content-Type': type, 'Content-Length': body.length, 'Cache-Control': 'no-store' })
    .end(body)
}

/** Others' words are in it: no browser may take it for a page. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  send(response, status, 'application/json', `${JSON.stringify(value)}\n`)
}
