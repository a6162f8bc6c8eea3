import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import httpProxy from 'http-proxy'
import { type Failure, failureOf } from '../upstream/failure.ts'
import { requestHeaders } from '../upstream/request-headers.ts'
import type { Sent } from '../upstream/send.ts'
import type { UpstreamConfig } from '../upstream/upstream.ts'
import { relayRefusal } from './refused-handshake.ts'
import { carry } from './tunnel.ts'
import type { UpgradeExchange } from './upgrade.ts'
import { acceptsKey, switchingHeaders } from './websocket.ts'

/** `failure`: nothing was sent to the client. */
export type HandshakeOutcome = { readonly sent: Sent } | { readonly failure: Failure }

/** One WebSocket handshake with one backend, by http-proxy, and all that follows from it. `onHead`: it has answered. */
export function handshake(
  exchange: UpgradeExchange,
  url: URL,
  config: UpstreamConfig,
  onHead: (status: number) => void,
): Promise<HandshakeOutcome> {
  return new Promise((resolve) => new Handshake(exchange, url, config, onHead, resolve).begin())
}

/**
 * http-proxy on its own forwards connection fields, collapses `//` in the path, relays a refused handshake with a
 * framing that it does not have, and closes the client's socket on every error. Each of these is taken out of its
 * hands here.
 */
class Handshake {
  readonly #exchange: UpgradeExchange
  readonly #url: URL
  readonly #config: UpstreamConfig
  readonly #onHead: (status: number) => void
  readonly #resolve: (outcome: HandshakeOutcome) => void
  readonly #begun = performance.now()
  #outgoing: ClientRequest | null = null
  #deadline: NodeJS.Timeout | null = null
  #connected = false
  #decided = false

  constructor(
    exchange: UpgradeExchange,
    url: URL,
    config: UpstreamConfig,
    onHead: (status: number) => void,
    resolve: (outcome: HandshakeOutcome) => void,
  ) {
    this.#exchange = exchange
    this.#url = url
    this.#config = config
    this.#onHead = onHead
    this.#resolve = resolve
  }

  begin(): void {
    const { request, socket, signal } = this.#exchange
    if (socket.destroyed || signal?.aborted) return this.#leave()
    socket.once('close', this.#leave)
    signal?.addEventListener('abort', this.#leave, { once: true })
    keepOpen(socket)
    const { protocol, hostname, port } = this.#url
    const target = { protocol, host: bare(hostname), hostname: bare(hostname), port }
    const proxy = httpProxy.createProxyServer()
    proxy.on('proxyReqWs', (outgoing: ClientRequest) => this.#prepare(outgoing))
    // All that http-proxy looks at of a request.
    const view = { method: 'GET', url: request.target, headers: { connection: 'Upgrade', upgrade: 'websocket' } }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    proxy.ws(view as IncomingMessage, socket, noBytes, { target, toProxy: true }, (error) => {
      this.#finish({ failure: failureOf(error, this.#connected) })
    })
    this.#outgoing?.on('response', this.#onRefused)
  }

  /** The listeners set here come before http-proxy's own. */
  #prepare(outgoing: ClientRequest): void {
    this.#outgoing = outgoing
    outgoing.path = this.#exchange.request.target
    const headers = requestHeaders(this.#exchange.request)
    outgoing.removeHeader('Host')
    for (let index = 0; index + 1 < headers.length; index += 2) {
      outgoing.appendHeader(headers[index] ?? '', headers[index + 1] ?? '')
    }
    this.#expectWithin(this.#config.connect)
    outgoing.once('socket', (connection) => {
      connection.once(this.#url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        this.#connected = true
        this.#expectWithin(this.#config.response)
      })
    })
    // Between this and #onRefused, http-proxy takes the answer for a switch and leaves it alone.
    outgoing.on('response', (answer: IncomingMessage) => Object.assign(answer, { upgrade: true }))
    outgoing.on('upgrade', this.#onSwitched)
  }

  #expectWithin(milliseconds: number): void {
    if (this.#deadline) clearTimeout(this.#deadline)
    const late = Object.assign(new Error('no answer to the handshake'), { code: 'ETIMEDOUT' })
    this.#deadline = setTimeout(() => this.#outgoing?.destroy(late), milliseconds)
  }

  /** The backend stays with HTTP: its answer is the last thing on this connection. */
  readonly #onRefused = (answer: IncomingMessage): void => {
    Object.assign(answer, { upgrade: null })
    this.#detach()
    this.#onHead(answer.statusCode ?? 0)
    const elapsed = performance.now() - this.#begun
    void relayRefusal(this.#exchange, answer, () => letClose(this.#exchange.socket), elapsed).then(this.#resolve)
  }

  readonly #onSwitched = (answer: IncomingMessage, backend: Socket): void => {
    const { socket, message, answerFields = [] } = this.#exchange
    this.#detach()
    letClose(socket)
    if (!acceptsKey(answer, message.headers['sec-websocket-key'])) {
      backend.destroy()
      socket.destroy()
      return this.#resolve({ sent: broken('upstream', 'unknown') })
    }
    this.#onHead(101)
    answer.headers = switchingHeaders([...answer.rawHeaders, ...answerFields])
    // The first frames of an eager client.
    if (this.#exchange.head.length > 0) socket.unshift(this.#exchange.head)
    void carry(this.#exchange, backend, performance.now() - this.#begun).then((sent) => this.#resolve({ sent }))
  }

  /** The client left, or the signal was aborted. */
  readonly #leave = (): void => {
    this.#finish({ sent: broken('client', this.#connected ? 'unknown' : 'untouched') })
    this.#outgoing?.destroy()
  }

  #finish(outcome: HandshakeOutcome): void {
    if (this.#decided) return
    this.#detach()
    // http-proxy ends the socket right after it has told of an error.
    queueMicrotask(() => letClose(this.#exchange.socket))
    this.#resolve(outcome)
  }

  /** From here on, errors belong to what follows the handshake. */
  #detach(): void {
    this.#decided = true
    if (this.#deadline) clearTimeout(this.#deadline)
    this.#exchange.socket.off('close', this.#leave)
    this.#exchange.signal?.removeEventListener('abort', this.#leave)
  }
}

const noBytes = Buffer.alloc(0)

/** Until a handshake is decided, the client's socket may yet have to carry a problem. */
function keepOpen(socket: Socket): void {
  socket.end = () => socket
}

function letClose(socket: Socket): void {
  Reflect.deleteProperty(socket, 'end')
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function broken(by: 'client' | 'upstream', backend: 'untouched' | 'unknown'): Sent {
  return { kind: 'broken', by, status: null, bytes: 0, backend, failure: by === 'client' ? null : 'invalid' }
}
