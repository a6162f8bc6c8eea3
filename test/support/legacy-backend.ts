import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Head, readChunked, readHead, readLength, valuesOf } from './http-bytes.ts'

/** One request as it came over the wire. */
export interface SeenRequest {
  readonly line: string
  readonly method: string
  readonly target: string
  readonly fields: Head['fields']
  readonly body: Buffer
  readonly framing: 'none' | 'length' | 'chunked'
  /** Ordinal of the connection it came on. */
  readonly connection: number
}

/** The bytes of the answer; or nothing, when the answer is written to the socket by the function itself. */
export type Answering = (
  request: SeenRequest,
  socket: Socket,
) => string | Buffer | null | undefined | Promise<string | Buffer | null | undefined>

export interface LegacyBackend {
  readonly port: number
  readonly url: string
  /** Complete requests, in the order in which they were read. */
  readonly seen: SeenRequest[]
  /** All bytes of all connections up to an early answer, by ordinal. */
  readonly raw: Buffer[]
  /** Connections that are open. */
  readonly open: ReadonlySet<Socket>
  answer: Answering
  /** Called with the head, before the body has come; returns true when it has answered. */
  early: ((head: Head, socket: Socket) => boolean) | null
  /** Resolves when a connection has received the text. */
  receives(text: string): Promise<void>
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** A backend that takes requests apart by hand and answers with the bytes that it is told. */
export async function startBackend(answer: Answering = () => plainAnswer('ok'), at = 0): Promise<LegacyBackend> {
  const open = new Set<Socket>()
  const events = new EventEmitter()
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    serve(backend, socket)
    socket.on('data', () => events.emit('data'))
  })
  server.listen(at, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const backend: LegacyBackend = {
    port,
    url: `http://127.0.0.1:${port}`,
    seen: [],
    raw: [],
    open,
    answer,
    early: null,
    async receives(text) {
      while (!backend.raw.some((bytes) => bytes.includes(text))) await once(events, 'data')
    },
    async idle() {
      for (const socket of open) await once(socket, 'close')
    },
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return backend
}

export function plainAnswer(body: string, fields = ''): string {
  return `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function serve(backend: LegacyBackend, socket: Socket): void {
  const connection = backend.raw.push(Buffer.alloc(0)) - 1
  let pending: Buffer = Buffer.alloc(0)
  let early = false
  let turn = Promise.resolve()
  const advance = (): void => {
    const head = early ? null : readHead(pending)
    if (!head) return
    if (backend.early?.(head, socket)) {
      early = true
      return
    }
    const body = readBody(pending, head)
    if (!body) return
    pending = pending.subarray(body.end)
    const [method = '', target = ''] = head.line.split(' ')
    const { line, fields } = head
    const request = { line, method, target, fields, body: body.content, framing: body.framing, connection }
    backend.seen.push(request)
    turn = turn.then(async () => {
      const bytes = await backend.answer(request, socket)
      if (bytes) socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    })
    advance()
  }
  socket.on('data', (chunk: Buffer) => {
    if (early) return
    backend.raw[connection] = Buffer.concat([backend.raw[connection] ?? Buffer.alloc(0), chunk])
    pending = Buffer.concat([pending, chunk])
    advance()
  })
}

function readBody(bytes: Buffer, head: Head): { content: Buffer; end: number; framing: SeenRequest['framing'] } | null {
  if (valuesOf(head.fields, 'transfer-encoding').length > 0) {
    const body = readChunked(bytes, head.end)
    return body && { ...body, framing: 'chunked' }
  }
  const [length] = valuesOf(head.fields, 'content-length')
  const body = readLength(bytes, head.end, Number(length ?? 0))
  return body && { ...body, framing: length === undefined ? 'none' : 'length' }
}
