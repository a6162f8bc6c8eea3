import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Metrics } from '../metrics/registry.ts'
import { problemAnswer } from '../problems/answer.ts'
import type { ProblemId } from '../problems/catalogue.ts'
import { refusal, violation } from '../problems/violation.ts'
import { type CheckReadiness, readinessWithin } from './readiness.ts'
import { bringsToken } from './token.ts'

export interface OperationsOptions {
  readonly address: { readonly host: string; readonly port: number }
  /** Null: whoever reaches the address may ask. */
  readonly token: string | null
  readonly metrics: Pick<Metrics, 'contentType' | 'render'>
  readonly ready: CheckReadiness
}

export interface Operations {
  /** Where it listens, with the port that was free where port 0 was asked for. */
  readonly address: { readonly host: string; readonly port: number }
  /** Ends all connections at once: scrapers come again. */
  readonly close: () => Promise<void>
}

/** Nobody needs more of this listener; a client that wants more is not a scraper. */
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 1000,
}
const MAX_CONNECTIONS = 64

/** Serves /metrics, /healthz and /readyz. Rejects with the error of `listen` where the address cannot be had. */
export async function startOperations(options: OperationsOptions): Promise<Operations> {
  const server = createServer(LIMITS, (request, response) => {
    answer(request, response, options).catch(() => response.destroy())
  })
  server.maxConnections = MAX_CONNECTIONS
  server.listen(options.address.port, options.address.host)
  await once(server, 'listening')
  return { address: boundAddress(server), close: () => close(server) }
}

async function answer(request: IncomingMessage, response: ServerResponse, options: OperationsOptions): Promise<void> {
  const page = pages.get(pathOf(request))
  if (page === undefined) return refuse(request, response, 'operations.address')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(request, response, 'operations.method')
  await page(request, response, options)
}

const pages: ReadonlyMap<string, typeof answer> = new Map([
  ['/metrics', answerMetrics],
  ['/healthz', answerHealth],
  ['/readyz', answerReadiness],
])

function pathOf(request: IncomingMessage): string {
  const [path = ''] = (request.url ?? '').split('?', 1)
  return path
}

async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  { token, metrics }: OperationsOptions,
): Promise<void> {
  if (!bringsToken(request.headers.authorization, token)) return refuse(request, response, 'operations.token')
  send(response, 200, metrics.contentType, await metrics.render())
}

/** The process answers: whoever restarts dead processes wants to know this and nothing else. */
async function answerHealth(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  send(response, 200, 'text/plain; charset=utf-8', 'ok\n')
}

/** Load balancers bring no token; they see which checks failed and not the words about paths and addresses. */
async function answerReadiness(
  request: IncomingMessage,
  response: ServerResponse,
  options: OperationsOptions,
): Promise<void> {
  const { ready, checks } = await readinessWithin(options.ready)
  const told = bringsToken(request.headers.authorization, options.token)
    ? checks
    : checks.map(({ name, ok }) => ({ name, ok }))
  send(response, ready ? 200 : 503, 'application/json', `${JSON.stringify({ ready, checks: told })}\n`)
}

function refuse(request: IncomingMessage, response: ServerResponse, id: ProblemId): void {
  const { status, headers, body } = problemAnswer(refusal(violation(id)), {
    requestId: randomUUID(),
    policy: null,
    owner: null,
    accept: request.headers.accept,
    method: request.method ?? '',
    allow: ['GET', 'HEAD'],
  })
  if (status === 401) headers.push('WWW-Authenticate', 'Bearer realm="sluice operations"')
  // Its body is not read: nothing after it can be a request.
  if (status === 405) headers.push('Connection', 'close')
  response.writeHead(status, headers).end(body)
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text)
  response
    .writeHead(status, { 'Content-Type': type, 'Content-Length': body.length, 'Cache-Control': 'no-store' })
    .end(body)
}

function boundAddress(server: Server): Operations['address'] {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the operations listener has no TCP address')
  return { host: bound.address, port: bound.port }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
