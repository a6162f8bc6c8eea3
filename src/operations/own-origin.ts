import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { OperationsOptions } from './page.ts'

/**
 * Whether no page of somebody else can have made a browser send this. Without a token, whoever reaches the address may
 * ask, and an operator's browser reaches it: so the Host must be the listener's own (a name that was pointed here for the
 * purpose is not), and an Origin must be that of the Host.
 */
export function isOwnOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { address, token }: Pick<OperationsOptions, 'address' | 'token'>,
): boolean {
  const { host = '', origin } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (token === null && !isOwnHost(host, address.host)) return false
  return origin === undefined || (host !== '' && originsOf(host).includes(origin.toLowerCase()))
}

/** Behind a proxy that speaks TLS, the page of the listener has the other scheme. */
function originsOf(host: string): string[] {
  return [`http://${host.toLowerCase()}`, `https://${host.toLowerCase()}`]
}

function isOwnHost(host: string, configured: string): boolean {
  const [, bracketed, plain = ''] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::[0-9]{1,5})?$/i.exec(host) ?? []
  const name = (bracketed ?? plain).toLowerCase()
  if (name === '') return false
  if (name === configured || name === 'localhost' || name === '::1') return true
  return isIP(name) === 4 && name.startsWith('127.')
}
