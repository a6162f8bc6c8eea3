import { isIP } from 'node:net'
import { buildConnector, Pool } from 'undici'

/** Uploads and interactive traffic never wait for each other's connections. */
export type Lane = 'interactive' | 'upload'

/** Milliseconds. */
export interface PoolDeadlines {
  readonly connect: number
  readonly response: number
}

/** Connections per backend. Interactive ones may be long-lived (server-sent events, long polling), hence the room. */
const connections = { interactive: 1024, upload: 256 } as const
export const connectionsPerServer = connections.interactive + connections.upload
/**
 * For so long is an idle connection used again. A backend that closes one just then costs an upload, since it may have
 * acted on it: far below the shortest common server limits (gunicorn 2 s, Node and Apache 5 s), also where the event loop
 * is late. A new connection for each would cost 0.22 ms of CPU at 16 KiB; uploads that come more rarely than this do not feel that.
 */
const keepAlive = { interactive: 4_000, upload: 200 } as const
/** What a backend allows in its Keep-Alive field counts up to this. */
const longestKeepAlive = { interactive: 60_000, upload: keepAlive.upload } as const
/** Silence within an answer; below it, idle event streams live on. */
const idleAnswer = 300_000
/** Legacy applications send many and long cookies. */
const answerHeaderBytes = 64 * 1024

/** Opens no connection yet. Throws on a URL that is not an http(s) origin. */
export function openPool(url: URL, lane: Lane, { connect, response }: PoolDeadlines): Pool {
  return new Pool(url, {
    connections: connections[lane],
    // A second request on a connection whose first answer is open would share its fate.
    pipelining: 1,
    keepAliveTimeout: keepAlive[lane],
    keepAliveMaxTimeout: longestKeepAlive[lane],
    headersTimeout: response,
    bodyTimeout: Math.max(response, idleAnswer),
    maxHeaderSize: answerHeaderBytes,
    strictContentLength: true,
    allowH2: false,
    connect: connector(url, connect),
  })
}

/** The name for TLS is the backend's own; undici would take it from the client's Host. */
export function connector(url: URL, timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, allowH2: false })
  const name = isIP(url.hostname.replace(/^\[|\]$/g, '')) ? '' : url.hostname
  return (options, callback) => connect({ ...options, servername: name }, callback)
}
