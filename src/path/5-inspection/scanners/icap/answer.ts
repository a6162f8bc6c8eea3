import { createHash } from 'node:crypto'
import type { Outcome } from '../connection/dialogue.ts'
import { unscanned } from '../faults.ts'
import type { ScanAnswer, ScannedFile } from '../scanner.ts'
import { type Encapsulated, type Head, readEncapsulated, readHead } from './head.ts'
import { badAnswer, type Incoming, type Reading, readChunked } from './incoming.ts'
import { closes, tagOf } from './options.ts'
import type { Service } from './service.ts'
import { blocked, failure, statement } from './statement.ts'

export interface Asked {
  readonly file: ScannedFile
  readonly method: Service['method']
  /** Told that the service wants the rest of the file; whether that was to be expected. */
  proceed(): boolean
  /** Whether all of the file was sent. */
  isWhole(): boolean
  tagged(tag: string | null): void
}

/** Bytes by which an answer may be longer than the file, and the longest page in its place. */
const surplus = 64 * 1024

/** The answer to RESPMOD and REQMOD (RFC 3507 section 4.3.3 and 4.6), however much of it is there. */
export function* readAnswer(incoming: Incoming, asked: Asked): Reading<Outcome<ScanAnswer>> {
  let head = yield* readHead(incoming)
  if (head.status === 100) {
    if (!asked.proceed()) throw badAnswer('garbage')
    head = yield* readHead(incoming)
  }
  asked.tagged(tagOf(head.fields))
  const answer = statement(head) ?? (yield* readVerdict(incoming, head, asked))
  if (answer.result !== 'clean') return { answer, reusable: false }
  const whole = asked.isWhole()
  return { answer: whole ? answer : unscanned('early'), reusable: whole && !closes(head) }
}

function* readVerdict(incoming: Incoming, head: Head, { file, method }: Asked): Reading<ScanAnswer> {
  if (head.status === 204) return { result: 'clean' }
  if (head.status !== 200) return failure(head)
  const message = yield* readEncapsulated(incoming, head)
  if (isReplaced(message, method)) return blocked(head, message, file.name)
  const same = yield* readEcho(incoming, message, file)
  return same ? { result: 'clean' } : { result: 'infected', signature: 'modified by the ICAP service' }
}

/** Whether there is an answer of the service's own in the place of the message that it was sent. */
function isReplaced({ kind, status }: Encapsulated, method: Service['method']): boolean {
  if (kind === null || (kind === 'request' && method === 'respmod')) throw badAnswer('garbage')
  return kind === 'response' && (method === 'reqmod' || status !== 200)
}

/** Whether the file comes back as it was. A service that changes it says that it is not to be had as it is. */
function* readEcho(incoming: Incoming, { body }: Encapsulated, { size, sha256 }: ScannedFile): Reading<boolean> {
  const hash = createHash('sha256')
  let length = 0
  const use = (bytes: Buffer): void => {
    length += bytes.length
    if (length > size + surplus) throw badAnswer('flood')
    hash.update(bytes)
  }
  if (body) yield* readChunked(incoming, use)
  return length === size && hash.digest('hex') === sha256
}
