import type { Socket } from 'node:net'
import type { Sent } from '../upstream/send.ts'
import type { UpgradeExchange } from './upgrade.ts'

/** When one side has ended, how long the other may take to follow; then both are cut. */
const grace = 5_000
/** Milliseconds of silence after which the operating system asks whether the other end is still there. */
const keepAliveProbe = 60_000

/** Owns the two sockets of a tunnel that http-proxy pipes into each other; resolves when both are closed. */
export function carry({ socket, signal }: UpgradeExchange, backend: Socket, upstreamMs: number): Promise<Sent> {
  const before = socket.bytesWritten
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | null = null
    const cut = (): void => {
      socket.destroy()
      backend.destroy()
    }
    const wind = (): void => {
      timer ??= setTimeout(cut, grace)
    }
    const closed = (): void => {
      socket.end()
      backend.end()
      wind()
      if (!socket.closed || !backend.closed) return
      if (timer) clearTimeout(timer)
      signal?.removeEventListener('abort', cut)
      resolve({ kind: 'answered', status: 101, bytes: socket.bytesWritten - before, upstreamMs })
    }
    for (const side of [socket, backend]) {
      side.once('end', wind).once('close', closed)
      // A quiet tunnel has no deadline; without probes, one whose peer lost its power would stay for ever.
      side.setKeepAlive(true, keepAliveProbe)
    }
    signal?.addEventListener('abort', cut, { once: true })
    if (signal?.aborted) cut()
  })
}
