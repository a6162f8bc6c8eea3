import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Body, type Head, readChunked, readHead, readLength, valuesOf } from './http-bytes.ts'

export interface RawAnswer {
  readonly status: number
  readonly line: string
  readonly fields: Head['fields']
  readonly body: Buffer
  /** How the body was delimited. */
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
}

/** A client that writes exactly the bytes it is given, and reads answers from bytes. */
export class RawClient {
  readonly socket: Socket
  received: Buffer = Buffer.alloc(0)
  /** `end`: orderly close. `reset`: anything else. Null while open. */
  ended: 'end' | 'reset' | null = null
  #changed = Promise.withResolvers<void>()

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk])
      this.#tell()
    })
    socket
      .on('end', () => this.#end('end'))
      .on('error', () => this.#end('reset'))
      .on('close', () => this.#end('end'))
  }

  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** The next final answer; interim ones are collected. Null when the connection ended before it was complete. */
  async answer(method = 'GET', interim: RawAnswer[] = []): Promise<RawAnswer | null> {
    for (;;) {
      const answer = this.#take(method)
      if (answer && answer.status < 200 && answer.status !== 101) interim.push(answer)
      else if (answer) return answer
      else if (this.ended) return null
      else await this.#changed.promise
    }
  }

  /** Resolves when the bytes so far contain the text. False when the connection ended without it. */
  async sees(text: string): Promise<boolean> {
    for (;;) {
      if (this.received.includes(text, 0, 'latin1')) return true
      if (this.ended) return false
      await this.#changed.promise
    }
  }

  async closed(): Promise<'end' | 'reset'> {
    while (!this.ended) await this.#changed.promise
    return this.ended
  }

  destroy(): void {
    this.socket.destroy()
  }

  #take(method: string): RawAnswer | null {
    const head = readHead(this.received)
    if (!head) return null
    const status = Number(head.line.split(' ')[1])
    const read = readAnswerBody(this.received, head, status, method, this.ended !== null)
    if (!read) return null
    this.received = this.received.subarray(read.body.end)
    return { status, line: head.line, fields: head.fields, body: read.body.content, framing: read.framing }
  }

  #end(how: 'end' | 'reset'): void {
    this.ended ??= how
    this.#tell()
  }

  #tell(): void {
    const { resolve } = this.#changed
    this.#changed = Promise.withResolvers()
    resolve()
  }
}

interface AnswerBody {
  readonly body: Body
  readonly framing: RawAnswer['framing']
}

/** RFC 9112 6.3. */
function readAnswerBody(bytes: Buffer, head: Head, status: number, method: string, ended: boolean): AnswerBody | null {
  const framed = (body: Body | null, framing: RawAnswer['framing']): AnswerBody | null => body && { body, framing }
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) {
    return framed({ content: Buffer.alloc(0), end: head.end }, 'none')
  }
  if (valuesOf(head.fields, 'transfer-encoding').length > 0) return framed(readChunked(bytes, head.end), 'chunked')
  const [length] = valuesOf(head.fields, 'content-length')
  if (length !== undefined) return framed(readLength(bytes, head.end, Number(length)), 'length')
  return ended ? framed({ content: bytes.subarray(head.end), end: bytes.length }, 'close') : null
}

/** `from`: an address of this machine, 127.0.0.0/8. */
export async function openClient(port: number, from = '127.0.0.1'): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  await once(socket, 'connect')
  return new RawClient(socket)
}

/** One request on a connection of its own; null when no complete answer came. */
export async function ask(port: number, bytes: string | Buffer, interim: RawAnswer[] = []): Promise<RawAnswer | null> {
  const client = await openClient(port)
  client.write(bytes)
  const method = bytes.toString('latin1').split(' ', 1)[0]
  const answer = await client.answer(method, interim)
  client.destroy()
  return answer
}
