import { isIP } from 'node:net'
import { performance } from 'node:perf_hooks'
import { buildConnector, Pool } from 'undici'
import type { SigningKey } from '../signatures/signing-key.ts'

/** Uploads and interactive traffic never wait for each other's connections. */
export type Lane = 'interactive' | 'upload'

/** One entry of `upstreams`; times in milliseconds. */
export interface UpstreamConfig {
  readonly name: string
  /** Origins without a path: `http://host:port`. */
  readonly urls: readonly string[]
  readonly connect: number
  readonly response: number
  readonly retryFor: number
  /** What released uploads are signed with; without it they are not. */
  readonly sign?: SigningKey | null
}

/** One backend of an upstream. */
export interface Endpoint {
  readonly url: URL
  readonly pools: Readonly<Record<Lane, Pool>>
  /** When it last refused a connection, on the monotonic clock. */
  failedAt: number
}

export interface Upstream {
  readonly config: UpstreamConfig
  /** All backends in the order in which the next request should try them. */
  order(): readonly Endpoint[]
  /** Resolves when all requests in flight are answered. */
  close(): Promise<void>
  /** Breaks off what is in flight. */
  destroy(): Promise<void>
}

/** Connections per backend. Interactive ones may be long-lived (server-sent events, long polling), hence the room. */
const connections = { interactive: 1024, upload: 256 } as const
export const connectionsPerServer = connections.interactive + connections.upload
/** Idle connections are closed before the shortest common server limits (gunicorn 2 s, Node and Apache 5 s) do. */
const keepAlive = { interactive: 4_000, upload: 1_500 } as const
/** Silence within an answer; below it, idle event streams live on. */
const idleAnswer = 300_000
/** Legacy applications send many and long cookies. */
const answerHeaderBytes = 64 * 1024
/** A backend that refused a connection is tried last for so long. */
const restAfterFailure = 5_000

/** Opens no connection yet. Throws on a URL that is not an http(s) origin. */
export function openUpstream(config: UpstreamConfig): Upstream {
  const endpoints = config.urls.map((url) => openEndpoint(new URL(url), config))
  const pools = endpoints.flatMap((endpoint) => Object.values(endpoint.pools))
  let turn = 0
  return {
    config,
    order() {
      if (endpoints.length === 1) return endpoints
      turn = (turn + 1) % endpoints.length
      return restedFirst([...endpoints.slice(turn), ...endpoints.slice(0, turn)])
    },
    close: () => forEach(pools, (pool) => pool.close()),
    destroy: () => forEach(pools, (pool) => pool.destroy()),
  }
}

function openEndpoint(url: URL, config: UpstreamConfig): Endpoint {
  const pools = { interactive: openPool(url, 'interactive', config), upload: openPool(url, 'upload', config) }
  return { url, pools, failedAt: Number.NEGATIVE_INFINITY }
}

function openPool(url: URL, lane: Lane, config: UpstreamConfig): Pool {
  return new Pool(url, {
    connections: connections[lane],
    // A second request on a connection whose first answer is open would share its fate.
    pipelining: 1,
    keepAliveTimeout: keepAlive[lane],
    keepAliveMaxTimeout: 60_000,
    headersTimeout: config.response,
    bodyTimeout: Math.max(config.response, idleAnswer),
    maxHeaderSize: answerHeaderBytes,
    strictContentLength: true,
    allowH2: false,
    connect: connector(url, config.connect),
  })
}

/** The name for TLS is the backend's own; undici would take it from the client's Host. */
function connector(url: URL, timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, allowH2: false })
  const name = isIP(url.hostname.replace(/^\[|\]$/g, '')) ? '' : url.hostname
  return (options, callback) => connect({ ...options, servername: name }, callback)
}

function restedFirst(endpoints: Endpoint[]): Endpoint[] {
  const now = performance.now()
  const resting = (endpoint: Endpoint): number => (now - endpoint.failedAt < restAfterFailure ? 1 : 0)
  return endpoints.sort((a, b) => resting(a) - resting(b))
}

async function forEach(pools: readonly Pool[], act: (pool: Pool) => Promise<void>): Promise<void> {
  await Promise.all(pools.map(act))
}
