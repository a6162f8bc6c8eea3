import type { ScanFault } from '../faults.ts'

/** Bytes of an answer as they come. A reading yields where it needs more of them. */
export interface Incoming {
  bytes: Buffer
}

export type Reading<T> = Generator<void, T, void>

/** Bytes of a header section, and of any line. */
export const longestSection = 32 * 1024

/** An answer that breaks off the reading. */
export interface BadAnswer extends Error {
  readonly fault: ScanFault
}

export function badAnswer(fault: ScanFault): BadAnswer {
  return Object.assign(new Error(fault), { fault })
}

export function isBadAnswer(error: unknown): error is BadAnswer {
  return error instanceof Error && 'fault' in error
}

/** What stands before the mark; the mark is taken, too. */
export function* readUntil(incoming: Incoming, mark: string): Reading<string> {
  let at = incoming.bytes.indexOf(mark)
  while (at < 0) {
    if (incoming.bytes.length > longestSection) throw badAnswer('flood')
    yield
    at = incoming.bytes.indexOf(mark)
  }
  if (at > longestSection) throw badAnswer('flood')
  const text = incoming.bytes.toString('latin1', 0, at)
  incoming.bytes = incoming.bytes.subarray(at + mark.length)
  return text
}

/** At least one byte and at most so many. */
export function* readSome(incoming: Incoming, most: number): Reading<Buffer> {
  while (incoming.bytes.length === 0) yield
  const some = incoming.bytes.subarray(0, most)
  incoming.bytes = incoming.bytes.subarray(some.length)
  return some
}

/** A body in the chunked coding (RFC 9112 section 7.1), handed out as it comes. */
export function* readChunked(incoming: Incoming, use: (bytes: Buffer) => void): Reading<void> {
  for (;;) {
    const line = yield* readUntil(incoming, '\r\n')
    const size = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1]
    if (size === undefined) throw badAnswer('garbage')
    let left = Number.parseInt(size, 16)
    if (left === 0) break
    while (left > 0) {
      const some = yield* readSome(incoming, left)
      left -= some.length
      use(some)
    }
    if ((yield* readUntil(incoming, '\r\n')) !== '') throw badAnswer('garbage')
  }
  for (let lines = 0; (yield* readUntil(incoming, '\r\n')) !== ''; lines += 1) {
    if (lines > 100) throw badAnswer('flood')
  }
}
