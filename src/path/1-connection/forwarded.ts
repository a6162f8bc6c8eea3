import { type Address, parseAddress } from './address.ts'

/** One proxy's statement on the hop before it. Null: it does not say, or not in a form that can be read. */
export interface Hop {
  readonly address: Address | null
  readonly scheme: 'http' | 'https' | null
  readonly host: string | null
}

/** Proxies in a row beyond this many are not believed; bounds the work that a header section can ask for. */
const maxHops = 20
/** Longer than any element that a proxy writes, short enough for the quote-aware splitting below. */
const maxElementLength = 512
const unreadable: Hop = Object.freeze({ address: null, scheme: null, host: null })

/** The nearest hops of X-Forwarded-For, nearest first. */
export function readForwardedFor(value: string): Hop[] {
  return fromRight(value).map((text) => ({ address: parseNode(text), scheme: null, host: null }))
}

/**
 * The nearest hops of Forwarded (RFC 7239 section 4), nearest first. Split from the right, so that an unbalanced quote
 * which the client put before the proxies' own elements cannot swallow them.
 */
export function readForwarded(value: string): Hop[] {
  return fromRight(value).map(parseElement)
}

/** The last list members, last first; a comma inside a quoted string does not separate. Each byte is seen once. */
export function fromRight(value: string): string[] {
  const members: string[] = []
  let end = value.length
  let quoted = false
  for (let i = value.length - 1; i >= -1 && members.length < maxHops; i--) {
    if (i === -1 || (value[i] === ',' && !quoted)) {
      members.push(value.slice(i + 1, end).trim())
      end = i
    } else if (value[i] === '"' && !isEscaped(value, i)) quoted = !quoted
  }
  return members
}

/** A run of backslashes is looked at once only: those before a quote are passed by the loop as ordinary bytes. */
function isEscaped(value: string, quote: number): boolean {
  let start = quote
  while (start > 0 && value[start - 1] === '\\') start--
  return (quote - start) % 2 === 1
}

const pair = /^([!#$%&'*+.^_`|~0-9a-z-]+)=(?:([!#$%&'*+.^_`|~0-9a-z-]*)|"((?:[^"\\]|\\.)*)")$/i

function parseElement(element: string): Hop {
  if (element.length > maxElementLength) return unreadable
  const parameters = new Map<string, string>()
  for (const text of splitParameters(element)) {
    const [, name = '', token, quoted = ''] = pair.exec(text.trim()) ?? []
    if (name === '' || parameters.has(name.toLowerCase())) return unreadable
    parameters.set(name.toLowerCase(), token ?? quoted.replace(/\\(.)/g, '$1'))
  }
  return {
    address: parseNode(parameters.get('for') ?? ''),
    scheme: parseScheme(parameters.get('proto') ?? ''),
    host: parameters.get('host') ?? null,
  }
}

function splitParameters(element: string): string[] {
  return element.match(/(?:[^;"]|"(?:[^"\\]|\\.)*"|")+/g) ?? []
}

/** An address, with a port or without, IPv6 in brackets or bare; "unknown" and obfuscated names give null. */
function parseNode(text: string): Address | null {
  if (text.length > 64) return null
  const bracketed = /^\[([^\]]*)\](?::[0-9]{1,5})?$/.exec(text)
  if (bracketed !== null) return parseAddress(bracketed[1] ?? '')
  return parseAddress(text) ?? parseAddress(/^([0-9.]+):[0-9]{1,5}$/.exec(text)?.[1] ?? '')
}

export function parseScheme(text: string): 'http' | 'https' | null {
  const scheme = text.trim().toLowerCase()
  if (scheme === 'https' || scheme === 'wss') return 'https'
  return scheme === 'http' || scheme === 'ws' ? 'http' : null
}
