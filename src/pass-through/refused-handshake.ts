import { type IncomingMessage, ServerResponse } from 'node:http'
import { failureOf } from '../upstream/failure.ts'
import { relayResponse } from '../upstream/relay-response.ts'
import type { Sent } from '../upstream/send.ts'
import type { HandshakeOutcome } from './handshake.ts'
import type { UpgradeExchange } from './upgrade.ts'

/** How long a client that was answered may keep its side of the connection open, and a backend pause in its answer. */
const grace = 5_000
const longestPause = 60_000

/**
 * Relays the answer of a backend that does not switch protocols, and closes the connection: a client that took the
 * switch for granted may have sent anything already, and none of it may be read as requests. `letClose` is called when
 * the socket may be ended.
 */
export function relayRefusal(
  { message, socket, answerFields = [], signal }: UpgradeExchange,
  answer: IncomingMessage,
  letClose: () => void,
  upstreamMs: number,
): Promise<HandshakeOutcome> {
  const status = answer.statusCode ?? 0
  const response = new ServerResponse(message)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  const sink = relayResponse(response, () => answerFields)
  return new Promise((resolve) => {
    const cut = (): void => sink.cutOff()
    const sent = (): Sent => {
      if (sink.complete) return { kind: 'answered', status, bytes: sink.bytes, upstreamMs }
      const by = answer.complete || !answer.errored ? 'client' : 'upstream'
      return {
        kind: 'broken',
        by,
        status,
        bytes: sink.bytes,
        backend: 'unknown',
        failure: by === 'client' ? null : 'truncated',
      }
    }
    try {
      sink.head(status, answer.statusMessage ?? '', answer.rawHeaders, {
        pause: () => answer.pause(),
        resume: () => answer.resume(),
      })
    } catch (error) {
      answer.destroy()
      response.detachSocket(socket)
      letClose()
      return resolve({ failure: failureOf(error, true) })
    }
    sink.onClosed(() => {
      sink.onClosed(null)
      signal?.removeEventListener('abort', cut)
      letClose()
      resolve({ sent: sent() })
      answer.destroy()
    })
    signal?.addEventListener('abort', cut, { once: true })
    answer
      .on('data', (chunk: Buffer) => sink.data(chunk))
      .on('end', () => sink.end())
      .on('error', cut)
    answer.setTimeout(longestPause, () => answer.destroy(new Error('the backend paused in its answer')))
    response.once('finish', () => {
      letClose()
      socket.end()
      socket.resume()
      const timer = setTimeout(() => socket.destroy(), grace)
      socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer))
    })
  })
}
