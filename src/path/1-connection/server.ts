import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ProblemId } from '../../problems/catalogue.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import { type Connection, connectionOf } from './connection.ts'

/** One request with its answer still open, and the connection that it came on. */
export interface Exchange {
  readonly connection: Connection
  readonly message: IncomingMessage
  readonly response: ServerResponse
  /** The client waits for 100 (Continue) before it sends the body. */
  readonly expectsContinue: boolean
}

export interface ServerHandlers {
  exchange(exchange: Exchange): Promise<void>
  upgrade(message: IncomingMessage, socket: Socket, head: Buffer): Promise<void>
  /** Bytes that are no HTTP, before any request could be made of them. */
  malformed(connection: Connection, reason: Violation): void
}

export interface ServerOptions {
  /** Deadline for a header section, in milliseconds. */
  readonly headers: number
}

const maximumHeaderBytes = 16 * 1024
/** Longer than the idle time that load balancers commonly use, so that it is they who close. */
const keepAlive = 75_000

/** Node's HTTP/1.1 server with what it leaves open closed: see `Connection` and `checkFraming`. */
export function createHttpServer(options: ServerOptions, handlers: ServerHandlers): Server {
  const server = createServer({
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    requireHostHeader: false,
    maxHeaderSize: maximumHeaderBytes,
    highWaterMark: 256 * 1024,
    headersTimeout: options.headers,
    // The whole-request deadline would end slow but steady uploads; bodies have deadlines of their own.
    requestTimeout: 0,
    keepAliveTimeout: keepAlive,
    connectionsCheckingInterval: Math.min(1000, Math.max(50, options.headers / 4)),
    noDelay: true,
    shouldUpgradeCallback: isWebSocket,
  })
  // With a limit, Node drops the headers beyond it without a word; the size bounds them anyway.
  server.maxHeadersCount = 0
  const accept = (message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    const connection = connectionOf(message.socket)
    if (connection.closed) return
    connection.serve(() => handlers.exchange({ connection, message, response, expectsContinue }))
  }
  server.on('request', (message, response) => accept(message, response, false))
  server.on('checkContinue', (message, response) => accept(message, response, true))
  server.on('checkExpectation', (message, response) => accept(message, response, false))
  server.on('upgrade', (message, socket, head) => void handlers.upgrade(message, socket as Socket, head))
  server.on('connect', (_message, socket) => refuseTunnel(socket, handlers))
  server.on('clientError', (error, socket) => onClientError(error, socket, handlers))
  return server
}

/** h2c and other upgrades are served as the ordinary requests that they also are; only WebSocket leaves HTTP. */
function isWebSocket(message: IncomingMessage): boolean {
  return message.headers.upgrade?.toLowerCase() === 'websocket'
}

function refuseTunnel(socket: Duplex, handlers: ServerHandlers): void {
  if (socket instanceof Socket) handlers.malformed(connectionOf(socket), violation('framing.method'))
  else socket.destroy()
}

const clientErrors = new Map<string, ProblemId>([
  ['HPE_HEADER_OVERFLOW', 'framing.headers.too-large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'framing.chunk-extensions'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'framing.headers.timeout'],
])

/** Connection errors carry no problem: there is nobody left to tell. */
const brokenConnection = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT'])

function onClientError(error: NodeJS.ErrnoException, socket: Duplex, handlers: ServerHandlers): void {
  if (!(socket instanceof Socket) || socket.destroyed) return
  const connection = connectionOf(socket)
  if (connection.closed) return
  if (brokenConnection.has(error.code ?? '') || !socket.writable) {
    socket.destroy()
    return
  }
  // The client's half-close in the middle of a message is reported as a parse error.
  const id = error.code === 'HPE_INVALID_EOF_STATE' ? 'body.aborted' : clientErrors.get(error.code ?? '')
  const reason = violation(id ?? 'framing.malformed')
  if (!connection.failReading(reason)) handlers.malformed(connection, reason)
}
