import { EventEmitter } from 'node:events'
import type { Channel } from '../../src/workers/peer.ts'

class FakeChannel extends EventEmitter implements Channel {
  connected = true
  /** Holds back what is said to the other end until it is false again. */
  isHeld = false
  /** Messages that were sent. */
  sent = 0
  other: FakeChannel | null = null
  readonly #held: (() => void)[] = []

  send(message: object, _handle: undefined, _options: undefined, sent: (error: Error | null) => void): boolean {
    this.sent += 1
    const copy: unknown = structuredClone(message)
    const deliver = (): void => {
      this.other?.emit('message', copy)
      sent(null)
    }
    if (this.isHeld) this.#held.push(deliver)
    else setImmediate(deliver)
    return true
  }

  release(): void {
    this.isHeld = false
    for (const deliver of this.#held.splice(0)) deliver()
  }

  close(): void {
    this.connected = false
    this.emit('disconnect')
  }
}

/** Two ends of what is like the channel between two processes. */
export function channelPair(): {
  readonly primary: FakeChannel
  readonly worker: FakeChannel
  readonly close: () => void
} {
  const [primary, worker] = [new FakeChannel(), new FakeChannel()]
  primary.other = worker
  worker.other = primary
  return {
    primary,
    worker,
    close() {
      primary.close()
      worker.close()
    },
  }
}
