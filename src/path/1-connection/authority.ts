/** host or host:port of http and https, without userinfo (RFC 3986 section 3.2, RFC 9110 section 4.2). */
export interface Authority {
  /** Lower case; an IPv6 literal in its brackets. */
  readonly hostname: string
  readonly port: number | null
}

const maxLength = 255
/** Labels of letters, digits, hyphens and underscores; one final dot is the root. No percent-encoding, no empty label. */
const name = /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i
const ipv6 = /^\[[0-9a-f:.]{2,45}\]$/i

/** Null where the text is no authority that every reader would understand alike. */
export function parseAuthority(text: string): Authority | null {
  const colon = text.lastIndexOf(':')
  const withPort = colon !== -1 && !text.endsWith(']')
  const hostname = withPort ? text.slice(0, colon) : text
  if (hostname.length > maxLength || !(name.test(hostname) || ipv6.test(hostname))) return null
  if (!withPort) return { hostname: hostname.toLowerCase(), port: null }
  const port = parsePort(text.slice(colon + 1))
  return port === null ? null : { hostname: hostname.toLowerCase(), port }
}

function parsePort(text: string): number | null {
  if (!/^[0-9]{1,5}$/.test(text)) return null
  const port = Number(text)
  return port >= 1 && port <= 65535 ? port : null
}

/** Whether two authorities of plain http name the same server. */
export function sameAuthority(a: Authority, b: Authority): boolean {
  return a.hostname === b.hostname && (a.port ?? 80) === (b.port ?? 80)
}

/** The parts of an absolute-form target, or null where the target is not of this form (RFC 9112 section 3.2.2). */
export function splitAbsoluteForm(target: string): { scheme: string; authority: string; originForm: string } | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)/i.exec(target)
  if (match === null) return null
  const [all, scheme = '', authority = ''] = match
  const rest = target.slice(all.length)
  return { scheme: scheme.toLowerCase(), authority, originForm: rest.startsWith('/') ? rest : `/${rest}` }
}
