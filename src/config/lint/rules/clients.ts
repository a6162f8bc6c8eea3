import { BlockList } from 'node:net'
import type { Network } from '../../network.ts'
import type { LintRule } from '../rule.ts'

/** Bits of the widest network that one operator is likely to have: 10.0.0.0/8, and a large allocation of IPv6. */
const shortestPrefix = { ipv4: 8, ipv6: 16 } as const

const everybody: LintRule = {
  id: 'lint.proxies.wide',
  level: 'warning',
  title: 'Too many are trusted as proxies',
  why: 'whoever connects from there chooses the client address that limits, the audit and the service believe',
  fix: 'list the addresses of the load balancers, and no more',
  find: ({ configuration }, written) =>
    configuration.clients.trustedProxies.flatMap((network, index) => {
      if (!isWide(network)) return []
      const path = ['clients', 'trustedProxies', index]
      const who = network.prefix === 0 ? 'everybody' : 'a large part of the internet'
      return [{ path, of: written(path), found: `${written(path)} is ${who}` }]
    }),
}

const local = new BlockList()
local.addSubnet('fc00::', 7, 'ipv6')
local.addSubnet('fe80::', 10, 'ipv6')
const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

function isWide({ address, prefix, family }: Network): boolean {
  if (family === 'ipv4') return prefix < shortestPrefix.ipv4
  if (prefix >= 7 && local.check(address, 'ipv6')) return false
  // Peers that come by IPv4 are compared as IPv4, also with a network that is written as mapped.
  if (prefix >= 96 && mapped.check(address, 'ipv6')) return prefix - 96 < shortestPrefix.ipv4
  return prefix < shortestPrefix.ipv6
}

export const clients: readonly LintRule[] = [everybody]
