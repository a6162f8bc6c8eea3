import { BlockList, isIP, isIPv6 } from 'node:net'
import { z } from 'zod'

/** Where a listener binds. Port 0 is any free port. IPv6 addresses are without brackets. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Arguments for `BlockList.addSubnet`. */
export interface Network {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

const hostname = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/

export function parseAddress(text: string): Address | null {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]*)\]|([^:]*)):([0-9]{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) return null
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : null
  return plain !== undefined && isHost(plain) ? { host: plain.toLowerCase(), port } : null
}

/** An IPv4 address or a name; 127.1 and 300.0.0.1 are neither. */
function isHost(text: string): boolean {
  return hostname.test(text) && (isIP(text) === 4 || !/^[0-9]+$/.test(text.split('.').at(-1) ?? ''))
}

function parseNetwork(text: string): Network | null {
  const [address = '', digits, ...rest] = text.split('/')
  const version = address.includes('%') ? 0 : isIP(address)
  if (version === 0 || rest.length > 0) return null
  const bits = version === 4 ? 32 : 128
  if (digits !== undefined && (!/^[0-9]{1,3}$/.test(digits) || Number(digits) > bits)) return null
  return { address, prefix: digits === undefined ? bits : Number(digits), family: version === 4 ? 'ipv4' : 'ipv6' }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine can reach the address. */
export function isLoopback({ host }: Address): boolean {
  if (isIP(host) === 0) return host === 'localhost' || host.endsWith('.localhost')
  return loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}

const addressForm = 'an address and port such as 127.0.0.1:8080 or [::1]:8080'
const networkForm = 'an IP address or network such as 10.0.0.7, 10.0.0.0/8 or fd00::/8'

export const address = z
  .string(addressForm)
  .transform((text, context): Address => {
    const parsed = parseAddress(text)
    if (parsed !== null) return parsed
    context.issues.push({ code: 'custom', message: addressForm, input: text })
    return z.NEVER
  })
  .meta({ form: addressForm, shortForm: 'address:port' })

export const network = z
  .string(networkForm)
  .transform((text, context): Network => {
    const parsed = parseNetwork(text)
    if (parsed !== null) return parsed
    context.issues.push({ code: 'custom', message: networkForm, input: text })
    return z.NEVER
  })
  .meta({ form: networkForm, shortForm: 'IP address or network' })

/** Scheme, host and port of a server, normalised. */
const urlForm = 'a URL of scheme, host and port only, such as http://claims-1:8000'

function originOf(text: string): string | null {
  if (!/^https?:\/\/[^/@?#\\\s]+\/?$/i.test(text) || !URL.canParse(text)) return null
  return new URL(text).origin
}

export const origin = z
  .string(urlForm)
  .transform((text, context) => {
    const parsed = originOf(text)
    if (parsed !== null) return parsed
    context.issues.push({ code: 'custom', message: urlForm, input: text })
    return z.NEVER
  })
  .meta({ form: urlForm, shortForm: 'URL' })
