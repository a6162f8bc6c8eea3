import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ProblemId } from '../../problems/catalogue.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import { type Connection, connectionOf } from './connection.ts'
import { gatherChunks } from './gather-chunks.ts'
import { outliveHalfClose } from './half-closed.ts'
import { closeOnlyIdle } from './idle-connections.ts'

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
/** What a paused body may have in memory before the socket is paused; a piece as Node reads it. */
const readAhead = 64 * 1024
/** Longer than the idle time that load balancers commonly use, so that it is they who close. */
const keepAlive = 75_000
/** How long a client may take nothing of an answer of the gateway's own. */
const longestStall = 120_000

/** Node's HTTP/1.1 server with what it leaves open closed: see `Connection` and `checkFraming`. */
export function createHttpServer(options: ServerOptions, handlers: ServerHandlers): Server {
  const server = createServer({
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    requireHostHeader: false,
    maxHeaderSize: maximumHeaderBytes,
    highWaterMark: readAhead,
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
  // Otherwise Node closes the other side too, and the answer is lost.
  Object.assign(server, { httpAllowHalfOpen: true })
  server.on('connection', outliveHalfClose)
  closeOnlyIdle(server)
  const accept = (message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    const connection = connectionOf(message.socket)
    if (connection.closed) return
    gatherChunks(message)
    connection.serve(async () => {
      await handlers.exchange({ connection, message, response, expectsContinue })
      await writtenOut(response)
    })
  }
  server.on('request', (message, response) => accept(message, response, false))
  server.on('checkContinue', (message, response) => accept(message, response, true))
  server.on('checkExpectation', (message, response) => accept(message, response, false))
  server.on('upgrade', (message, socket, head) => {
    if (socket instanceof Socket) acceptUpgrade(message, socket, head, handlers)
    else socket.destroy()
  })
  server.on('connect', (_message, socket) => refuseTunnel(socket, handlers))
  server.on('clientError', (error, socket) => onClientError(error, socket, handlers))
  return server
}

/** The socket has left the parser, and is still the answers' to the requests before this one. */
function acceptUpgrade(message: IncomingMessage, socket: Socket, head: Buffer, handlers: ServerHandlers): void {
  const connection = connectionOf(socket)
  // Node has taken its own listener away; without one, an error while the upgrade waits would end the process.
  socket.on('error', ignore)
  if (connection.closed) return
  connection.serve(() => {
    // Set by Node after the answer before: it would end a quiet tunnel.
    socket.setTimeout(0)
    return handlers.upgrade(message, socket, head)
  })
}

/**
 * Resolves when an ended answer is off the response's hands: the next one may be written past it, to the socket itself.
 * A client that takes none of it is cut off.
 */
async function writtenOut(response: ServerResponse): Promise<void> {
  if (!response.writableEnded || response.closed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  response.once('close', resolve)
  const stalled = setTimeout(() => response.destroy(), longestStall)
  await promise
  clearTimeout(stalled)
}

/**
 * h2c and other upgrades are served as the ordinary requests that they also are; only WebSocket leaves HTTP. One with a
 * body does not, and is refused for its framing: Node would hand over a stream of its own that is no socket.
 */
function isWebSocket({ headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || !/^0*$/.test(headers['content-length'] ?? '')
  return !hasBody && headers.upgrade?.toLowerCase() === 'websocket'
}

function refuseTunnel(socket: Duplex, handlers: ServerHandlers): void {
  // As with an upgrade, Node listens no more, and the refusal may have to wait for the answers before it.
  socket.on('error', ignore)
  if (socket instanceof Socket) handlers.malformed(connectionOf(socket), violation('framing.method'))
  else socket.destroy()
}

const clientErrors = new Map<string, ProblemId>([
  ['HPE_HEADER_OVERFLOW', 'framing.headers.too-large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'framing.chunk-extensions'],
  ['HPE_INVALID_TRANSFER_ENCODING', 'framing.transfer-encoding'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'framing.headers.timeout'],
])

/** Connection errors carry no problem: there is nobody left to tell. */
const brokenConnection = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT'])

function onClientError(error: NodeJS.ErrnoException, socket: Duplex, handlers: ServerHandlers): void {
  if (!(socket instanceof Socket) || socket.destroyed) return
  const connection = connectionOf(socket)
  if (connection.closed) return
  // Browsers open connections in advance; one on which nothing came is closed without a word.
  const silent = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0
  if (silent || brokenConnection.has(error.code ?? '') || !socket.writable) {
    socket.destroy()
    return
  }
  const reason = violationOf(error)
  if (!connection.failReading(reason)) handlers.malformed(connection, reason)
}

function violationOf({ code = '', reason }: NodeJS.ErrnoException & { readonly reason?: unknown }): Violation {
  // The client's half-close in the middle of a message is reported as a parse error.
  if (code === 'HPE_INVALID_EOF_STATE') return violation('body.aborted')
  const id = clientErrors.get(code)
  if (id !== undefined) return violation(id)
  return violation('framing.malformed', typeof reason === 'string' ? { failed: `the parser says: ${reason}` } : {})
}

function ignore(): void {}
