import type { Conflict, Rule } from './conflict.ts'
import type { Path } from './fault.ts'
import { type Address, isLoopback } from './network.ts'

interface Bound {
  readonly path: Path
  readonly name: string
  readonly address: Address
}

export const addressesInUse: Rule = (draft, written) => {
  const bound: Bound[] = draft.listeners.flatMap(({ address }, index) =>
    address === undefined ? [] : [{ path: ['listeners', index, 'address'], name: `listeners[${index}]`, address }],
  )
  if (draft.operations.address !== undefined) {
    bound.push({ path: ['operations', 'address'], name: 'operations', address: draft.operations.address })
  }
  return bound.flatMap(({ path, address }, index): Conflict[] => {
    const other = bound.slice(0, index).find((earlier) => clash(earlier.address, address))
    if (other === undefined) return []
    const expected = `another address or port than ${other.name} has`
    const preset = { path, found: `${address.host}:${address.port} (the default)`, expected }
    return [written(path) === null ? preset : { path, expected }]
  })
}

function clash(one: Address, other: Address): boolean {
  if (one.port !== other.port || one.port === 0) return false
  const [host, otherHost] = [canonical(one), canonical(other)]
  return host === otherHost || takesAll(host, otherHost) || takesAll(otherHost, host)
}

/** The IPv6 wildcard takes the IPv4 port as well. */
function takesAll(host: string, other: string): boolean {
  return host === '::' || (host === '0.0.0.0' && !other.includes(':'))
}

function canonical({ host }: Address): string {
  if (host === 'localhost') return '127.0.0.1'
  return host.includes(':') ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host
}

export const publicOperations: Rule = ({ operations }) =>
  operations.address === undefined || operations.token !== null || isLoopback(operations.address)
    ? []
    : [
        {
          path: ['operations', 'address'],
          expected: 'a loopback address such as 127.0.0.1:9100, or operations.token as well',
        },
      ]
