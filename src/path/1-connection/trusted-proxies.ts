import { BlockList } from 'node:net'
import { type Address, parseAddress } from './address.ts'

/** Whether this peer's Forwarded and X-Forwarded-* are believed. */
export type TrustedProxies = (address: Address) => boolean

/** An entry of clients.trustedProxies: `prefix` counts bits of an address of this family. */
export interface Network {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/**
 * Compiles clients.trustedProxies once per configuration.
 * @throws TypeError where an entry is no network, which the configuration has refused before.
 */
export function compileTrustedProxies(networks: readonly Network[]): TrustedProxies {
  if (networks.length === 0) return () => false
  const list = new BlockList()
  for (const network of networks) {
    const { address, prefix, family } = withoutMapping(network)
    list.addSubnet(address, prefix, family)
  }
  return ({ text, family }) => list.check(text, family)
}

/** Peers are compared as IPv4 where they are IPv4-mapped, so their networks must be as well. */
function withoutMapping(network: Network): Network {
  const address = parseAddress(network.address)
  if (network.family === 'ipv4' || address?.family !== 'ipv4' || network.prefix < 96) return network
  return { address: address.text, prefix: network.prefix - 96, family: 'ipv4' }
}
