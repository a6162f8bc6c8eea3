/** Questions between the primary and a worker, over the channel that Node gives a child process. */

/** What one side can be asked, by name: a value, and what is answered. */
export type Questions = Readonly<Record<string, readonly [value: unknown, answer: unknown]>>

export type Handlers<Mine extends Questions> = {
  readonly [Name in keyof Mine]: (value: Mine[Name][0]) => Mine[Name][1] | Promise<Mine[Name][1]>
}

export interface AskOptions<Answer> {
  /** Milliseconds; null: as long as the other side is there. */
  readonly deadline: number | null
  /** Gets an answer that comes behind the deadline. */
  readonly late?: (answer: Answer) => void
}

/** The other side. */
export interface Peer<Theirs extends Questions> {
  /** Rejects at the deadline, where the other side failed or is gone, and where too many questions are open already. */
  ask<Name extends keyof Theirs & string>(
    name: Name,
    value: Theirs[Name][0],
    options: AskOptions<Theirs[Name][1]>,
  ): Promise<Theirs[Name][1]>
  /** Wants no answer. Nothing comes of it where the other side is gone. */
  tell<Name extends keyof Theirs & string>(name: Name, value: Theirs[Name][0]): void
  /** Resolves when all that was said so far is off this process's hands, or the other side is gone. */
  flushed(): Promise<void>
  /** Aborted when the other side is gone. */
  readonly gone: AbortSignal
}

/** `process` of a worker, or its ChildProcess in the primary; with `advanced` serialization, so that bytes stay bytes. */
export interface Channel {
  readonly connected: boolean
  send?(message: object, handle: undefined, options: undefined, sent: (error: Error | null) => void): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'disconnect', listener: () => void): unknown
}

type Letter =
  | { readonly id: number | null; readonly name: string; readonly value: unknown }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failed: string }

interface Open {
  readonly settle: (letter: Extract<Letter, { answer: unknown } | { failed: string }>) => void
  readonly fail: (error: Error) => void
}

/** Questions without an answer yet; where the other side hangs, the memory of this one is bounded. */
const mostOpen = 20_000

/** What is said in one turn of the event loop travels together: of a message, most of the cost is that it is one. */
export function openPeer<Theirs extends Questions, Mine extends Questions>(
  channel: Channel,
  handlers: Handlers<Mine>,
): Peer<Theirs> {
  const gone = new AbortController()
  const open = new Map<number, Open>()
  let lastId = 0
  let outgoing: Letter[] = []
  let sending = 0
  let idle = Promise.withResolvers<void>()

  function say(letter: Letter): void {
    if (outgoing.push(letter) === 1) setImmediate(send)
  }

  function send(): void {
    const letters = outgoing
    outgoing = []
    if (letters.length === 0) return
    if (!channel.connected || channel.send === undefined) return settleIdle()
    sending += 1
    channel.send({ letters }, undefined, undefined, () => {
      sending -= 1
      settleIdle()
    })
  }

  function settleIdle(): void {
    if (channel.connected && (sending > 0 || outgoing.length > 0)) return
    idle.resolve()
    idle = Promise.withResolvers()
  }

  async function answer({ id, name, value }: Extract<Letter, { name: string }>): Promise<void> {
    try {
      const handle = handlers[name]
      if (handle === undefined) throw new Error(`nobody here answers ${name}`)
      const answer = await handle(value)
      if (id !== null) say({ id, answer })
    } catch (error) {
      if (id !== null) say({ id, failed: error instanceof Error ? error.message : String(error) })
    }
  }

  channel.on('message', (message) => {
    for (const letter of lettersIn(message)) {
      if ('name' in letter) void answer(letter)
      else open.get(letter.id)?.settle(letter)
    }
  })
  channel.once('disconnect', () => {
    gone.abort(new Error('the other process is gone'))
    for (const { fail } of open.values()) fail(gone.signal.reason as Error)
    open.clear()
    settleIdle()
  })

  return {
    gone: gone.signal,
    ask(name, value, { deadline, late }) {
      if (!channel.connected) return Promise.reject(new Error('the other process is gone'))
      if (open.size >= mostOpen) return Promise.reject(new Error('too many questions are open'))
      const id = ++lastId
      return new Promise((resolve, reject) => {
        let isLate = false
        const timer = deadline === null ? undefined : setTimeout(expire, deadline)
        function expire(): void {
          isLate = true
          // Whoever wants to know of a late answer is remembered until it comes.
          if (late === undefined) open.delete(id)
          reject(new Error(`no answer within ${deadline} ms`))
        }
        open.set(id, {
          settle(letter) {
            open.delete(id)
            clearTimeout(timer)
            if ('failed' in letter) reject(new Error(letter.failed))
            else if (isLate) late?.(letter.answer)
            else resolve(letter.answer)
          },
          fail(error) {
            clearTimeout(timer)
            reject(error)
          },
        })
        say({ id, name, value })
      })
    },
    tell: (name, value) => say({ id: null, name, value }),
    async flushed() {
      if (!channel.connected || (sending === 0 && outgoing.length === 0)) return
      await idle.promise
    },
  }
}

function lettersIn(message: unknown): readonly Letter[] {
  return typeof message === 'object' && message !== null && 'letters' in message ? (message.letters as Letter[]) : []
}
