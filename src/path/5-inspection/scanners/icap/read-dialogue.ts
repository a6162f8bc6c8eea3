import type { Dialogue, Outcome } from '../connection/dialogue.ts'
import { unscanned } from '../faults.ts'
import { type Incoming, isBadAnswer, type Reading } from './incoming.ts'

/** The receiving side of a dialogue whose answer is read by this. */
export function readDialogue<T>(read: (incoming: Incoming) => Reading<Outcome<T>>): Dialogue<T>['receive'] {
  const incoming: Incoming = { bytes: Buffer.alloc(0) }
  const reading = read(incoming)
  return (bytes) => {
    incoming.bytes = Buffer.concat([incoming.bytes, bytes])
    try {
      const { done, value } = reading.next()
      if (!done) return null
      return incoming.bytes.length > 0 ? { ...value, reusable: false } : value
    } catch (error) {
      if (!isBadAnswer(error)) throw error
      return { answer: unscanned(error.fault), reusable: false }
    }
  }
}
