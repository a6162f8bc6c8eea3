/**
 * Names that a Connection header nominates for removal, in lower case (RFC 9110 7.6.1); null where it nominates none.
 * `close` and `keep-alive` are options, not names.
 */
export function nominated(connection: string): ReadonlySet<string> | null {
  if (plainOptions.has(connection)) return null
  const names = new Set<string>()
  for (const token of connection.toLowerCase().split(',')) {
    const name = token.trim()
    if (name !== '' && !plainOptions.has(name) && !isEndToEnd(name)) names.add(name)
  }
  return names.size === 0 ? null : names
}

const plainOptions = new Set(['close', 'keep-alive', 'Keep-Alive', 'Close'])

/**
 * "A sender MUST NOT send a connection option corresponding to a field that is intended for all recipients" (RFC 9110
 * 7.6.1). A client that does so anyway would strip what the backend relies on: the host, the framing, the credentials.
 */
function isEndToEnd(name: string): boolean {
  return endToEnd.has(name) || endToEndPrefixes.some((prefix) => name.startsWith(prefix))
}

const endToEndPrefixes = ['content-', 'accept', 'if-', 'sec-', 'access-control-', 'x-csrf', 'x-xsrf']
const endToEnd = new Set([
  'host',
  'authorization',
  'cookie',
  'set-cookie',
  'origin',
  'referer',
  'user-agent',
  'cache-control',
  'pragma',
  'range',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'vary',
  'via',
])
