import { type Violation, violation } from '../../problems/violation.ts'
import type { Client } from '../types.ts'
import { type Address, parseAddress } from './address.ts'
import { parseAuthority } from './authority.ts'
import { fromRight, type Hop, parseScheme, readForwarded, readForwardedFor } from './forwarded.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

export interface Peer {
  /** `socket.remoteAddress`; undefined once the socket is closed. */
  readonly peerAddress: string | undefined
  readonly encrypted: boolean
  /** Authority of the request, already checked. */
  readonly host: string
  readonly rawHeaders: readonly string[]
}

/**
 * Who sent the request: from the right of the forwarding header, the first hop that is no trusted proxy. An entry that
 * cannot be read ends the walk at the proxy that wrote it, and nothing left of it is believed.
 *
 * Which of Forwarded and X-Forwarded-For a proxy writes, and which it merely passes on from the client, cannot be known
 * here. Where both name a client and not the same one, the request is refused: any preference would let clients choose
 * their address behind some proxy.
 */
export function identifyClient(peer: Peer, trusts: TrustedProxies): Client | Violation {
  const address = parseAddress(peer.peerAddress ?? '')
  const scheme = peer.encrypted ? 'https' : 'http'
  if (address === null) return direct('unknown', 'unknown', scheme, peer.host)
  if (!trusts(address)) return direct(address.text, address.key, scheme, peer.host)
  const sent = readForwarding(peer.rawHeaders)
  const classic = walk(address, readForwardedFor(sent.for), trusts)
  const standard = walk(address, readForwarded(sent.forwarded), trusts)
  // A Forwarded without `for` says nothing of the client and contradicts nothing.
  const names = /for=/i.test(sent.forwarded)
  if (sent.for !== '' && names && classic.client.text !== standard.client.text) return violation('framing.forwarded')
  return sent.for === '' && names
    ? believed(peer, standard, standard.hop)
    : believed(peer, classic, said(sent, classic))
}

/** Scheme and host come from the same family of headers as the address, since the proxy may not write the other. */
function believed(peer: Peer, { client, chain }: Walk, hop: Hop | null): Client {
  return Object.freeze({
    address: client.text,
    key: client.key,
    trusted: true,
    scheme: hop?.scheme ?? (peer.encrypted ? 'https' : 'http'),
    host: validHost(hop?.host ?? '') ?? peer.host,
    forwardedFor: Object.freeze(chain.map(({ text }) => text)),
  })
}

function said(sent: Forwarding, { client, chain }: Walk): Hop {
  return {
    address: client,
    scheme: parseScheme(aligned(sent.proto, chain.length)),
    host: aligned(sent.host, chain.length),
  }
}

function direct(address: string, key: string, scheme: Client['scheme'], host: string): Client {
  return Object.freeze({ address, key, trusted: false, scheme, host, forwardedFor: Object.freeze([address]) })
}

type Forwarding = Record<'for' | 'forwarded' | 'proto' | 'host', string>

/** The forwarding headers; repeated ones are one list in the order they came (RFC 9110 section 5.3). */
function readForwarding(rawHeaders: readonly string[]): Forwarding {
  const sent = { for: '', forwarded: '', proto: '', host: '' }
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const field = name === 'forwarded' ? name : name.startsWith('x-forwarded-') ? name.slice(12) : ''
    if (!(field === 'for' || field === 'forwarded' || field === 'proto' || field === 'host')) continue
    const value = rawHeaders[i + 1] ?? ''
    sent[field] = sent[field] === '' ? value : `${sent[field]},${value}`
  }
  return sent
}

/** The believed chain from the client to the peer, and the statement that named the client. */
function walk(peer: Address, hops: readonly Hop[], trusts: TrustedProxies): Walk {
  const chain = [peer]
  let named: Hop | null = null
  for (const hop of hops) {
    if (hop.address === null) break
    named = hop
    chain.unshift(hop.address)
    if (!trusts(hop.address)) break
  }
  return { client: chain[0] ?? peer, chain, hop: named ?? hops[0] ?? null }
}

interface Walk {
  readonly client: Address
  readonly chain: readonly Address[]
  readonly hop: Hop | null
}

/**
 * Proxies either set X-Forwarded-Proto and -Host or append to them in step with X-Forwarded-For; so the entry that
 * stands as far from the right as the client's, and never one further to the left that the client could have put there.
 */
function aligned(list: string, hops: number): string {
  const members = fromRight(list)
  return members[Math.min(members.length, Math.max(1, hops - 1)) - 1] ?? ''
}

function validHost(text: string): string | null {
  return parseAuthority(text) === null ? null : text.toLowerCase()
}
