import type { Socket } from 'node:net'

/** How long and how far an answered client may go on sending before its connection is cut; times in milliseconds. */
export interface LingerLimits {
  readonly total: number
  readonly silence: number
  readonly bytes: number
  /** At a time: reading what is thrown away must not become a load. */
  readonly connections: number
}

/** The connections that were answered and half-closed, and are read until the client has read its answer. */
export class Lingering {
  readonly #limits: LingerLimits
  readonly #sockets = new Set<Socket>()

  constructor(limits: LingerLimits) {
    this.#limits = limits
  }

  get full(): boolean {
    return this.#sockets.size >= this.#limits.connections
  }

  /**
   * Reads and throws away; calls `onDrained` with how many bytes, once the connection is closed. Where there are too
   * many, the oldest is cut: it has had the most time for its answer, and nobody can take all places for long.
   */
  begin(socket: Socket, onDrained: (bytes: number) => void): void {
    if (this.full) this.#cutOldest()
    const { total, silence, bytes } = this.#limits
    this.#sockets.add(socket)
    let drained = 0
    const cut = (): void => void socket.destroy()
    const longest = setTimeout(cut, total)
    const quiet = setTimeout(cut, silence)
    socket.on('data', (chunk: Buffer) => {
      drained += chunk.length
      quiet.refresh()
      if (drained > bytes) cut()
    })
    socket.once('end', () => socket.destroySoon())
    socket.once('close', () => {
      this.#sockets.delete(socket)
      clearTimeout(longest)
      clearTimeout(quiet)
      onDrained(drained)
    })
    socket.resume()
  }

  #cutOldest(): void {
    const [oldest] = this.#sockets
    if (oldest === undefined) return
    this.#sockets.delete(oldest)
    oldest.destroy()
  }
}
