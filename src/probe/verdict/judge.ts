import { plain } from '../../printable.ts'
import type { Message, Pair, ProbeCase } from '../case.ts'
import type { Answer } from '../wire/answers.ts'
import type { Exchange } from '../wire/exchange.ts'
import { differences, readingInWords } from './difference.ts'
import { type Reading, readingIn } from './reading.ts'

/** In the order in which a report tells them: what got through first. */
export const outcomes = [
  'through',
  'read differently',
  'unclear',
  'error',
  'no answer',
  'tolerated',
  'refused',
  'not sent',
] as const
export type Outcome = (typeof outcomes)[number]

/** What each outcome means, for people. */
export const meanings: Readonly<Record<Outcome, string>> = {
  through: 'accepted like the harmless upload, and should have been refused',
  'read differently': 'accepted, and the backend read something else than was sent (with --echo)',
  unclear: 'an answer that the harmless upload did not get, and that does not refuse either',
  error: 'answered by an error of the server',
  'no answer': 'no answer before the deadline',
  tolerated: 'accepted, as it may be: the standards allow it, and nothing was read differently',
  refused: 'answered by a refusal, or the connection was closed',
  'not sent': 'the probe ended before',
}

/** Outcomes after which nobody can say that nothing got through. */
export const isFinding = (outcome: Outcome): boolean => !['tolerated', 'refused', 'not sent'].includes(outcome)

export interface Verdict {
  readonly outcome: Outcome
  /** Of the first answer. */
  readonly status: number | null
  /** What came, as a clause; safe to print. */
  readonly detail: string
  /** What the backend read otherwise, a clause each; safe to print. */
  readonly differences: readonly string[]
}

/** How the harmless upload was answered, and how answers are to be read. */
export interface Standard {
  /** 2 or 3: the first digit of the status. */
  readonly accepted: number
  /** Answers are a `Reading` in JSON. */
  readonly echo: boolean
  /** An answer that has this text in it is a refusal, whatever its status. */
  readonly refusedBy: string | null
  /** Fields that every form has. */
  readonly fields: readonly Pair[]
}

export function judge({ sound }: ProbeCase, message: Message, exchange: Exchange, standard: Standard): Verdict {
  if (exchange.kind !== 'answered') return withoutAnswer(exchange)
  const [first, second] = exchange.answers
  const told = { status: first.status, differences: [] }
  if (message.hides && second !== undefined) {
    const detail = `answered ${first.status}, and the request that hides in its body with ${second.status}`
    return { ...told, outcome: 'through', detail }
  }
  const detail = `answered ${first.status}`
  const outcome = ofStatus(first, standard)
  if (outcome !== 'through') return { ...told, outcome, detail }
  return { ...told, ...accepted(sound, message, standard.echo ? readingIn(first.body) : null, standard, detail) }
}

function accepted(
  sound: ProbeCase['sound'],
  { intended }: Message,
  read: Reading | null,
  { echo, fields }: Standard,
  detail: string,
): Pick<Verdict, 'outcome' | 'detail' | 'differences'> {
  const outcome = sound === 'refuses' ? 'through' : 'tolerated'
  if (!echo) return { outcome, detail, differences: [] }
  if (read === null) {
    const unread = sound === 'refuses' ? outcome : 'unclear'
    return { outcome: unread, detail: `${detail}, and what the backend read cannot be told from that`, differences: [] }
  }
  const differ = intended === null ? [] : differences(intended, read)
  const words = `${detail}; the backend read ${readingInWords(read, fields)}`
  return { outcome: differ.length > 0 ? 'read differently' : outcome, detail: words, differences: differ }
}

/** 501 and 505 say that a request is not understood, which is a refusal. */
function ofStatus(answer: Answer, { accepted, refusedBy }: Standard): Outcome {
  const { status } = answer
  if (refusedBy !== null && says(answer, refusedBy)) return 'refused'
  if (isBusy(answer)) return 'unclear'
  if (status === 501 || status === 505 || Math.floor(status / 100) === 4) return 'refused'
  if (status >= 500) return 'error'
  return Math.floor(status / 100) === accepted ? 'through' : 'unclear'
}

/** An answer about the rate of requests, and not about what is in them. */
export function isBusy({ status, retryAfter }: Answer): boolean {
  return status === 429 || (status === 503 && retryAfter !== null)
}

export function says({ body, location }: Answer, text: string): boolean {
  return body.includes(text) || (location?.includes(text) ?? false)
}

function withoutAnswer(exchange: Exclude<Exchange, { readonly kind: 'answered' }>): Verdict {
  const none = { status: null, differences: [] }
  if (exchange.kind === 'closed') return { ...none, outcome: 'refused', detail: 'the connection was closed' }
  if (exchange.kind === 'garbage') return { ...none, outcome: 'error', detail: 'the answer is no HTTP' }
  const detail = exchange.kind === 'silent' ? 'no answer before the deadline' : plain(exchange.reason, 200)
  return { ...none, outcome: 'no answer', detail }
}
