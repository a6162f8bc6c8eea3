import type { Client, InboundRequest } from '../path/types.ts'
import { nominated } from './hop-by-hop.ts'
import { describesBody, foldName, isReserved } from './reserved-fields.ts'

export interface RequestHeaderOptions {
  /** A body of our own making: the fields that described the client's are dropped. */
  readonly body?: { readonly type: string; readonly length: number }
  /** More fields, name and value by turns. */
  readonly extra?: readonly string[]
  /** The request will be signed by us: the client's signatures, of a body that no longer exists, are dropped. */
  readonly signed?: boolean
  /** A field that is among `extra`: the client's are dropped. */
  readonly replaced?: string | null
}

/**
 * The header fields for the backend, name and value by turns: the client's in their order and case, without what
 * belongs to the connection (RFC 9110 7.6.1) or to Sluice, then Sluice's own.
 *
 * Names are compared with all but letters and digits read as hyphens, since CGI and WSGI backends fold underscores, PHP
 * dots and Apache the rest together: a client's `X_Forwarded_For` or `Sluice.Removed` would reach the application as ours.
 */
export function requestHeaders(request: InboundRequest, options: RequestHeaderOptions = {}): string[] {
  const drop = droppedBy(request)
  const ofBody = options.body ? describesBody : none
  const ofSignature = options.signed ? signatures : none
  const replaced = options.replaced ? foldName(options.replaced) : null
  const { rawHeaders } = request
  const headers: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const folded = foldName(name)
    if (isReserved(folded) || ofBody.has(folded) || ofSignature.has(folded) || drop?.has(folded)) continue
    if (folded === replaced) continue
    headers.push(name, rawHeaders[index + 1] ?? '')
  }
  addOwn(headers, request)
  addBody(headers, request, options)
  if (options.extra) headers.push(...options.extra)
  return headers
}

const none: ReadonlySet<string> = new Set()

/** RFC 9421, section 4. */
const signatures = new Set(['signature', 'signature-input'])

function droppedBy(request: InboundRequest): ReadonlySet<string> | null {
  const { connection } = request.headers
  return typeof connection === 'string' ? nominated(connection) : null
}

function addOwn(headers: string[], request: InboundRequest): void {
  const { client, tracestate } = request
  const { scheme, host, forwardedFor } = client
  const sent = request.headers.host
  headers.push('Host', typeof sent === 'string' ? sent : request.host, 'Via', '1.1 sluice')
  headers.push('X-Request-Id', request.id, 'traceparent', request.traceparent)
  if (tracestate !== null) headers.push('tracestate', tracestate)
  headers.push('X-Forwarded-For', forwardedFor.join(', '), 'X-Forwarded-Proto', scheme, 'X-Forwarded-Host', host)
  headers.push('Forwarded', forwarded(client))
}

/** RFC 7239: the host and scheme stand in the element of the hop that saw them, which is the client's. */
function forwarded({ scheme, host, forwardedFor }: Client): string {
  const [first = 'unknown', ...others] = forwardedFor
  const element = `for=${node(first)};host="${host.replace(/["\\]/g, '\\$&')}";proto=${scheme}`
  return others.length === 0 ? element : [element, ...others.map((address) => `for=${node(address)}`)].join(', ')
}

function node(address: string): string {
  return address.includes(':') ? `"[${address}]"` : address
}

function addBody(headers: string[], request: InboundRequest, { body }: RequestHeaderOptions): void {
  if (body) headers.push('Content-Type', body.type, 'Content-Length', String(body.length))
  else if (request.body.kind === 'length') headers.push('Content-Length', String(request.body.length))
}
