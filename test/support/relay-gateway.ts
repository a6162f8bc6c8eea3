import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { passThrough } from '../../src/pass-through/relay.ts'
import { passUpgrade } from '../../src/pass-through/upgrade.ts'
import type { BodyFraming, InboundRequest, StartPaceWatch } from '../../src/path/types.ts'
import { problem } from '../../src/problems/catalogue.ts'
import type { Sent } from '../../src/upstream/send.ts'
import { openUpstream, type Upstream, type UpstreamConfig } from '../../src/upstream/upstream.ts'

/** The least of a gateway around the relay: no routes, no checks; a failure is answered with its problem's id. */
export interface RelayGateway {
  readonly port: number
  readonly upstream: Upstream
  /** What became of the requests, as they ended. */
  readonly sent: Sent[]
  /** Connections of clients that are open. */
  readonly open: ReadonlySet<Socket>
  watch: StartPaceWatch | null
  signal: AbortSignal | null
  close(): Promise<void>
}

export async function startRelay(urls: string[], config: Partial<UpstreamConfig> = {}): Promise<RelayGateway> {
  const upstream = openUpstream({ name: 'legacy', urls, connect: 2_000, response: 5_000, retryFor: 0, ...config })
  const open = new Set<Socket>()
  const server = createServer({ maxHeaderSize: 64 * 1024, requireHostHeader: false, keepAliveTimeout: 30_000 })
  const accept = (message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void =>
    void relay(gateway, message, response, expectsContinue)
  server.on('request', (message, response) => accept(message, response, false))
  server.on('checkContinue', (message, response) => accept(message, response, true))
  server.on('upgrade', (message, socket, head) => {
    if (socket instanceof Socket) void upgrade(gateway, message, socket, head)
  })
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gateway: RelayGateway = {
    port: (server.address() as AddressInfo).port,
    upstream,
    sent: [],
    open,
    watch: null,
    signal: null,
    async close() {
      server.closeAllConnections()
      for (const socket of open) socket.destroy()
      server.close()
      await upstream.destroy()
    },
  }
  return gateway
}

async function relay(
  gateway: RelayGateway,
  message: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  const { watch, signal } = gateway
  const optional = { ...(watch && { watch }), ...(signal && { signal }) }
  const exchange = { request: inbound(message), message, response, expectsContinue, ...optional }
  const sent = await passThrough(exchange, gateway.upstream)
  gateway.sent.push(sent)
  if (sent.kind !== 'failed') return
  const { id } = sent.refusal.violations[0]
  response.writeHead(problem(id).status, { Connection: 'close' }).end(`${id} ${sent.refusal.backend} ${sent.failure}`)
}

async function upgrade(gateway: RelayGateway, message: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
  const { signal } = gateway
  const exchange = { request: inbound(message), message, socket, head, ...(signal && { signal }) }
  const sent = await passUpgrade(exchange, gateway.upstream)
  gateway.sent.push(sent)
  if (sent.kind !== 'failed') return
  const { id } = sent.refusal.violations[0]
  socket.end(`HTTP/1.1 ${problem(id).status} -\r\nConnection: close\r\n\r\n${id} ${sent.refusal.backend}`)
}

export function inbound(message: IncomingMessage): InboundRequest {
  const host = message.headers.host ?? ''
  const address = message.socket.remoteAddress ?? ''
  return {
    id: 'request-1',
    method: message.method ?? '',
    target: message.url ?? '',
    host: host.toLowerCase(),
    rawHeaders: message.rawHeaders,
    headers: message.headers,
    body: framing(message),
    client: { address, key: address, trusted: false, scheme: 'http', host, forwardedFor: [address] },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: null,
  }
}

function framing({ headers }: IncomingMessage): BodyFraming {
  if (headers['transfer-encoding'] !== undefined) return { kind: 'chunked' }
  const length = headers['content-length']
  return length === undefined ? { kind: 'none' } : { kind: 'length', length: Number(length) }
}
