import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

export type Address = { readonly path: string } | { readonly host: string; readonly port: number }

export interface Listener {
  /** The bytes are there for the time of the call. */
  receive(bytes: Buffer): void
  /** Called once; whatever the other side sent was received before. */
  ended(): void
}

/** A connection to a scanner. */
export interface Connection {
  readonly ended: boolean
  /** Resolves when it has ended. */
  readonly closed: Promise<void>
  /** Resolves when the system took the bytes, with true; with false where the connection has ended. */
  send(...bytes: Buffer[]): Promise<boolean>
  /** Whoever listened before hears nothing any more. */
  listen(listener: Listener): void
  destroy(): void
}

/** Milliseconds for reading what the other side said before it stopped taking: it is here already. */
const lastWords = 100

/** Bytes that are read at a time. */
const readSize = 64 * 1024

/** Rejects with the signal's reason, or with an error whose message is for operators. */
export function openConnection(address: Address, longest: number, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const { socket, read } = createSocket(address)
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    const fail = (error: unknown): void => {
      settle()
      socket.destroy()
      reject(error)
    }
    const abort = (): void => fail(signal.reason)
    const timer = setTimeout(() => fail(new Error(`no connection within ${longest} ms`)), longest)
    signal.addEventListener('abort', abort)
    socket.on('error', (error: NodeJS.ErrnoException) => fail(new Error(error.message || error.code)))
    socket.on('connect', () => {
      settle()
      resolve(overSocket(socket, read))
    })
  })
}

interface Reading {
  to: Listener | null
}

/** Reads past the stream, which passes nothing on once a write has failed. */
function createSocket(address: Address): { socket: Socket; read: Reading } {
  const read: Reading = { to: null }
  const callback = (length: number, buffer: Uint8Array): boolean => {
    read.to?.receive(Buffer.from(buffer.buffer, buffer.byteOffset, length))
    return true
  }
  const onread = { buffer: Buffer.allocUnsafeSlow(readSize), callback }
  const socket = connect({ ...address, noDelay: true, onread } as NetConnectOpts)
  return { socket, read }
}

function overSocket(socket: Socket, read: Reading): Connection {
  const closed = Promise.withResolvers<void>()
  readLastWords(socket)
  socket.on('end', () => socket.destroy())
  socket.on('close', () => {
    closed.resolve()
    read.to?.ended()
  })
  return {
    get ended() {
      return socket.destroyed
    },
    closed: closed.promise,
    async send(...bytes) {
      // An answer that is there already is to be heard before more is written.
      await nextTurn()
      return socket.destroyed ? false : write(socket, bytes)
    },
    listen(next) {
      read.to = next
    },
    destroy: () => void socket.destroy(),
  }
}

function write(socket: Socket, bytes: readonly Buffer[]): Promise<boolean> {
  return new Promise((resolve) => {
    socket.cork()
    for (const part of bytes.slice(0, -1)) socket.write(part)
    socket.write(bytes.at(-1) ?? '', (error) => resolve(!error))
    socket.uncork()
  })
}

/**
 * Streams destroy the socket when a write fails. A scanner that refuses a file says so, closes, and lets the next write
 * fail: its answer is waiting to be read then, and would be lost.
 */
function readLastWords(socket: Socket): void {
  const destroy = socket.destroy.bind(socket)
  let last: NodeJS.Timeout | null = null
  socket.on('close', () => last && clearTimeout(last))
  socket.destroy = (error?: NodeJS.ErrnoException) => {
    if (error?.syscall !== 'write') return destroy(error)
    last ??= setTimeout(() => destroy(error), lastWords)
    return socket
  }
}
