import { startDeadline } from '../../../../deadline.ts'
import { orAbort } from '../../../../or-abort.ts'
import { describeFault } from '../../../../printable.ts'
import { unscanned } from '../faults.ts'
import type { ScanAnswer } from '../scanner.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'

export interface Outcome<T> {
  readonly answer: T | ScanAnswer
  /** Whether question and answer are complete, so that the connection can carry the next ones. */
  readonly reusable: boolean
}

/** One question and its answer on one connection. */
export interface Dialogue<T> {
  /** Ends when all is sent, or when the connection takes no more. Rejects with the error of reading the file. */
  send(): Promise<void>
  /** Told while it sends, too. Null while the answer is not complete. */
  receive(bytes: Buffer): Outcome<T> | null
}

export interface Conversation<T> {
  readonly connections: Connections
  readonly signal: AbortSignal
  /** Whether a connection that served before will do. */
  readonly reuse: boolean
  readonly begin: (connection: Connection) => Dialogue<T>
}

/**
 * Asks on a connection that served before, or on a fresh one. A connection that was kept may have been closed by the
 * other side just now: where it ends without a word, the question is asked once more on a fresh one, and never again.
 */
export async function converse<T>(conversation: Conversation<T>): Promise<T | ScanAnswer> {
  const { connections, signal, reuse } = conversation
  signal.throwIfAborted()
  const kept = reuse ? connections.idle() : null
  const outcome = kept && (await speak(kept, conversation))
  if (outcome) return outcome.answer
  const fresh = await orDetail(connections.open(signal), signal)
  if (typeof fresh === 'string') return unscanned('refused', fresh)
  return (await speak(fresh, conversation))?.answer ?? unscanned('closed')
}

async function orDetail(opening: Promise<Connection>, signal: AbortSignal): Promise<Connection | string> {
  try {
    return await opening
  } catch (error) {
    signal.throwIfAborted()
    return describeFault(error)
  }
}

/** Null where the connection ended without a word. */
async function speak<T>(connection: Connection, conversation: Conversation<T>): Promise<Outcome<T> | null> {
  const { connections, signal, begin } = conversation
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const dialogue = begin(connection)
  const heard = hear(connection, dialogue)
  const sending = dialogue.send()
  try {
    const outcome = await Promise.race([heard, sending.then(() => heard), aborted.promise])
    if (outcome?.reusable) connections.keep(connection)
    else connection.destroy()
    return outcome
  } catch (error) {
    connection.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
    await letGo(sending)
  }
}

/** Milliseconds that a read of the file has to end once its bytes are of no use any more. */
const grace = 100

/** Resolves when the file is not read any more, as far as that can be waited for. */
async function letGo(sending: Promise<void>): Promise<void> {
  using over = startDeadline(grace, 'the file is still being read')
  await orAbort(sending, over.signal).catch(ignore)
}

function hear<T>(connection: Connection, dialogue: Dialogue<T>): Promise<Outcome<T> | null> {
  return new Promise((resolve, reject) => {
    let state: 'silent' | 'heard' | 'answered' = 'silent'
    connection.listen({
      receive(bytes) {
        if (state === 'answered') return connection.destroy()
        state = 'heard'
        try {
          const outcome = dialogue.receive(bytes)
          if (!outcome) return
          state = 'answered'
          resolve(outcome)
        } catch (error) {
          reject(error)
        }
      },
      ended: () => resolve(state === 'silent' ? null : { answer: unscanned('closed'), reusable: false }),
    })
    if (connection.ended) resolve(null)
  })
}

function ignore(): void {}
