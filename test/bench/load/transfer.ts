import { Refused } from './expect.ts'
import type { Answer, Wire } from './wire.ts'

/** Resolves when the system has taken the bytes. Errors: `Refused`, since an answer before the end is nothing else, or the connection's end. */
export async function write(wire: Wire, bytes: Buffer, answer: Promise<Answer>): Promise<void> {
  const early = await Promise.race([wire.write(bytes), answer])
  if (early) throw new Refused(early, ' before the body was sent')
}

export async function writeAll(wire: Wire, pieces: Iterable<Buffer>, answer: Promise<Answer>): Promise<void> {
  for (const piece of pieces) await write(wire, piece, answer)
}

/** The word of a tally for how something ended that did not end as expected. */
export function nameOf(error: unknown): string {
  if (error instanceof Refused) return `status ${error.answer.status}`
  const { code, name } = error as NodeJS.ErrnoException
  if (name === 'AbortError' || name === 'TimeoutError') return 'deadline'
  return code === 'ECONNREFUSED' || code === 'ETIMEDOUT' ? 'not connected' : 'closed'
}

export function count(tally: Record<string, number>, word: string): void {
  tally[word] = (tally[word] ?? 0) + 1
}
