import { isIP } from 'node:net'

/** An IP address in one spelling: IPv4 dotted, IPv6 as in RFC 5952; no zone; IPv4-mapped IPv6 as IPv4. */
export interface Address {
  readonly text: string
  readonly family: 'ipv4' | 'ipv6'
  /** What limits count by: the IPv4 address, or the /64 that one IPv6 subscriber has. */
  readonly key: string
}

/** Null where the text is not an IP address. */
export function parseAddress(text: string): Address | null {
  const zone = text.indexOf('%')
  const bare = zone === -1 ? text : text.slice(0, zone)
  const version = isIP(bare)
  if (version === 4) return { text: bare, family: 'ipv4', key: bare }
  if (version === 0) return null
  // What a socket of both families reports for every IPv4 peer.
  if (/^::ffff:[0-9.]+$/i.test(bare)) return parseAddress(bare.slice(7))
  const groups = expand(bare)
  if (isMapped(groups)) {
    const [high = 0, low = 0] = groups.slice(6)
    const dotted = `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
    return { text: dotted, family: 'ipv4', key: dotted }
  }
  const network = [...groups.slice(0, 4), 0, 0, 0, 0]
  return { text: format(groups), family: 'ipv6', key: `${format(network)}/64` }
}

/** The eight groups of an address that net.isIP has accepted. */
function expand(text: string): number[] {
  const [head = '', tail] = text.split('::')
  const before = groupsOf(head)
  if (tail === undefined) return before
  const after = groupsOf(tail)
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}

function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
}

/** RFC 5952 section 4: lower case, the first longest run of two and more zeros as "::". */
function format(groups: readonly number[]): string {
  let start = -1
  let length = 1
  for (let i = 0; i < groups.length; i++) {
    let end = i
    while (groups[end] === 0) end++
    if (end - i > length) {
      start = i
      length = end - i
    }
    i = Math.max(i, end)
  }
  const hex = groups.map((group) => group.toString(16))
  if (start === -1) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}
