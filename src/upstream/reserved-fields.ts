/** The header fields of requests that Sluice sets or drops itself. Names are compared as `foldName` has them. */

/** Never passed on as they came: connection fields, and fields that only a gateway may set. */
const reserved = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  'content-length',
  'host',
  'forwarded',
  'x-real-ip',
  'x-request-id',
  'traceparent',
  'tracestate',
  // Becomes HTTP_PROXY in the environment of CGI programs ("httpoxy").
  'proxy',
])
const reservedPrefixes = ['x-forwarded-', 'proxy-', 'sluice-']

/** What says something about the body as the client sent it. */
export const describesBody = new Set([
  'content-type',
  'content-encoding',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
  'unencoded-digest',
  // Another name for a raw upload than the one that was judged.
  'content-disposition',
  'x-file-name',
  'x-filename',
])

/** `folded`: a name as `foldName` has it. */
export function isReserved(folded: string): boolean {
  return reserved.has(folded) || reservedPrefixes.some((prefix) => folded.startsWith(prefix))
}

const plainName = /^[a-z0-9-]*$/

/** All but letters and digits read as hyphens, as CGI and WSGI backends, PHP and Apache do between them. */
export function foldName(name: string): string {
  const lower = name.toLowerCase()
  return plainName.test(lower) ? lower : lower.replace(/[^a-z0-9]/g, '-')
}
