import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Fault {
  /** Bytes of the answer that are sent before the connection dies; Infinity sends all and keeps it open. */
  readonly after: number
  /** An orderly close, a reset, or silence with the connection open. */
  readonly by: 'end' | 'reset' | 'silence'
}

export interface FaultyBackend {
  readonly port: number
  readonly url: string
  readonly open: ReadonlySet<Socket>
  fault: Fault
  close(): Promise<void>
}

/** A backend that answers every request head with the same bytes, and dies after as many of them as it is told. */
export async function startFaultyBackend(answer: Buffer): Promise<FaultyBackend> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    let head = ''
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      head = ''
      die(socket, answer, backend.fault)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const backend: FaultyBackend = {
    port,
    url: `http://127.0.0.1:${port}`,
    open,
    fault: { after: Number.POSITIVE_INFINITY, by: 'end' },
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return backend
}

function die(socket: Socket, answer: Buffer, { after, by }: Fault): void {
  const end = (): void => {
    if (after === Number.POSITIVE_INFINITY || by === 'silence') return
    if (by === 'reset') socket.resetAndDestroy()
    else socket.end()
  }
  if (after === 0) end()
  else socket.write(answer.subarray(0, after), end)
}
