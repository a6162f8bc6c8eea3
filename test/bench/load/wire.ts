import { once } from 'node:events'
import { connect } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One connection to a contender. */
export interface Wire {
  /** Resolves when the system has taken the bytes. */
  write(bytes: Buffer): Promise<void>
  /** Bytes that the system has not taken yet. */
  backlog(): number
  /** The next answer; to be asked for before the request's last byte. Rejects when the connection ends before it. */
  answer(): Promise<Answer>
  isOpen(): boolean
  close(): void
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/** Errors: the connection cannot be had, or `signal`, which ends the attempt only. */
export async function openWire(port: number, signal?: AbortSignal): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  try {
    await once(socket, 'connect', signal ? { signal } : {})
  } catch (error) {
    socket.on('error', () => {}).destroy()
    throw error
  }
  let waiting: Waiting | null = null
  let received = ''
  const fail = (error: Error): void => {
    waiting?.reject(error)
    waiting = null
  }
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    try {
      const answer = readAnswer(received)
      if (!answer) return
      received = ''
      waiting?.resolve(answer)
      waiting = null
    } catch (error) {
      fail(error as Error)
      socket.destroy()
    }
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed before the answer')))
  return {
    write: (bytes) => new Promise((resolve, reject) => socket.write(bytes, (e) => (e ? reject(e) : resolve()))),
    backlog: () => socket.writableLength,
    answer: () =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      }),
    isOpen: () => socket.readyState === 'open',
    close: () => socket.destroy(),
  }
}

/** Null while the answer is not whole. Errors: no Content-Length, with which all contenders answer here. */
function readAnswer(text: string): Answer | null {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
  if (length === undefined) throw new Error(`an answer without Content-Length: ${text.slice(0, 200)}`)
  if (text.length < end + 4 + Number(length)) return null
  return { status: Number(text.slice(9, 12)), body: text.slice(end + 4) }
}
