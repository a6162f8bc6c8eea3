import type { Violation } from '../../problems/violation.ts'
import type { BodyFraming, InboundRequest } from '../types.ts'
import { splitAbsoluteForm } from './authority.ts'
import { identifyClient } from './client.ts'
import { checkFraming, type Head } from './framing.ts'
import { requestId, traceContext } from './trace.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

/** The head of an IncomingMessage. */
export interface MessageHead extends Omit<Head, 'method' | 'url'> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: NodeJS.ReadOnlyDict<string | string[]>
}

export interface Endpoint {
  /** `socket.remoteAddress`; undefined once the socket is closed. */
  readonly peerAddress: string | undefined
  readonly encrypted: boolean
}

/**
 * Makes a request of what the parser read, or says why its framing or sender cannot be believed. A Violation is told
 * from a request by its `failed`. `host` is empty for an HTTP/1.0 request that names none.
 */
export function receive(message: MessageHead, endpoint: Endpoint, trusts: TrustedProxies): InboundRequest | Violation {
  const { method = '', url = '', httpVersion, rawHeaders, headers } = message
  const defect = checkFraming({ method, url, httpVersion, rawHeaders })
  if (defect !== null) return defect
  const absolute = url.startsWith('/') ? null : splitAbsoluteForm(url)
  const host = (single(headers['host']) ?? absolute?.authority ?? '').toLowerCase()
  const client = identifyClient({ ...endpoint, host, rawHeaders }, trusts)
  if ('failed' in client) return client
  const trace = traceContext(single(headers['traceparent']), single(headers['tracestate']))
  return Object.freeze({
    id: requestId(single(headers['x-request-id']), client.trusted),
    method,
    target: absolute?.originForm ?? url,
    host,
    rawHeaders,
    headers,
    body: bodyFraming(headers),
    client,
    traceparent: trace.traceparent,
    tracestate: trace.tracestate,
  })
}

const none: BodyFraming = Object.freeze({ kind: 'none' })
const chunked: BodyFraming = Object.freeze({ kind: 'chunked' })

/** Content-Length: 0 is no body; a relay copies the field itself from rawHeaders. */
function bodyFraming(headers: MessageHead['headers']): BodyFraming {
  if (headers['transfer-encoding'] !== undefined) return chunked
  const length = Number(headers['content-length'] ?? 0)
  return length === 0 ? none : { kind: 'length', length }
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}
