import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describeFault } from '../../printable.ts'
import type { Message } from '../case.ts'
import { type Answer, readAnswers } from './answers.ts'

/** What came of one request. */
export type Exchange =
  /** In their order; the last may be cut short by the bound or the deadline. */
  | { readonly kind: 'answered'; readonly answers: readonly [Answer, ...Answer[]] }
  /** The connection was closed or reset without an answer. */
  | { readonly kind: 'closed' }
  /** Nothing came before the deadline. */
  | { readonly kind: 'silent' }
  /** What came is no HTTP. */
  | { readonly kind: 'garbage' }
  /** No connection; the reason is safe to print. */
  | { readonly kind: 'unreachable'; readonly reason: string }

export interface Patience {
  /** Milliseconds for the whole exchange, connecting included. */
  readonly exchange: number
  /** Milliseconds for a second answer, where a request hides in the body of another. */
  readonly second: number
}

/** The target chooses what it answers: more than this is not read. */
const mostHeard = 64 * 1024

/** One request on a connection of its own, closed afterwards. Rejects never. */
export function exchange({ bytes, hides }: Message, url: URL, patience: Patience): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = open(url)
    const heard: Buffer[] = []
    let size = 0
    let connected = false
    let fault = 'no connection within the deadline'
    let second: NodeJS.Timeout | null = null
    const finish = (ended: boolean): void => {
      clearTimeout(deadline)
      if (second !== null) clearTimeout(second)
      socket.destroy()
      resolve(connected ? conclude(Buffer.concat(heard), ended) : { kind: 'unreachable', reason: fault })
    }
    const deadline = setTimeout(() => finish(false), patience.exchange)
    socket.on(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true
      socket.write(bytes)
    })
    socket.on('error', (error) => {
      fault = describeFault(error)
    })
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk.subarray(0, mostHeard - size))
      size += chunk.length
      const { answers, garbage } = readAnswers(Buffer.concat(heard), false)
      if (garbage || size >= mostHeard || answers.length > (hides ? 1 : 0)) finish(false)
      else if (answers.length === 1) second ??= setTimeout(() => finish(false), patience.second)
    })
    socket.on('end', () => finish(true))
    socket.on('close', () => finish(true))
  })
}

function open(url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'http:') return connectTcp({ host, port: Number(url.port || 80), noDelay: true })
  // An address is no name that a certificate is asked for by (RFC 6066, section 3).
  const named = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ host, port: Number(url.port || 443), ALPNProtocols: ['http/1.1'], ...named })
}

function conclude(bytes: Buffer, ended: boolean): Exchange {
  const { answers, begun, garbage } = readAnswers(bytes, ended)
  const [first, ...others] = begun === null ? answers : [...answers, begun]
  if (first !== undefined) return { kind: 'answered', answers: [first, ...others] }
  if (garbage && bytes.length > 0) return { kind: 'garbage' }
  return { kind: ended ? 'closed' : 'silent' }
}
