import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** How a client leaves; `complete`: only with its answer. */
export type Way = 'reset' | 'end' | 'destroy' | 'complete'

/** When it leaves: after so many bytes, so many milliseconds after all of them, or when somebody says so. */
export type Moment = { readonly bytes: number } | { readonly milliseconds: number } | { readonly told: Promise<void> }

/** Sends a request and leaves as it is told to. Resolves when the connection is closed, to what was received. */
export async function sendAndLeave(port: number, request: Buffer, way: Way, moment: Moment): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    if (way === 'complete' && isWhole(received)) socket.destroy()
  })
  socket.on('error', () => undefined).once('end', () => socket.end())
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await Promise.race([once(socket, 'connect').catch(() => undefined), closed])
  socket.write('bytes' in moment ? request.subarray(0, moment.bytes) : request)
  if (way !== 'complete') {
    await Promise.race([closed, until(moment)])
    leave(socket, way)
  }
  await closed
  return received
}

async function until(moment: Moment): Promise<void> {
  if ('told' in moment) return moment.told
  await ('milliseconds' in moment ? delay(moment.milliseconds) : new Promise(setImmediate))
}

function leave(socket: Socket, way: Exclude<Way, 'complete'>): void {
  if (way === 'end') socket.end()
  else if (way === 'reset') socket.resetAndDestroy()
  else socket.destroy()
}

/** Of an answer with a length. */
function isWhole(received: string): boolean {
  const end = received.indexOf('\r\n\r\n')
  const length = Number(/^content-length: (\d+)/im.exec(received.slice(0, Math.max(0, end)))?.[1] ?? Number.NaN)
  return end !== -1 && received.length >= end + 4 + length
}
