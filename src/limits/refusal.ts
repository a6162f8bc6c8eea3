import type { ProblemId } from '../problems/catalogue.ts'
import { type Refusal, refusal, type Violation, violation } from '../problems/violation.ts'
import type { Limit, Measure } from './compile.ts'
import { seconds } from './fields.ts'
import { amountInWords, limitInWords } from './words.ts'

/** What a limit had too little of. */
export interface Shortfall {
  readonly limit: Limit
  /** Units that the request needs as a whole. */
  readonly needed: number
  readonly remaining: number
  /** Milliseconds until the whole of it would be there; null where nobody knows, or never. */
  readonly wait: number | null
  /** The request may have more, which nobody knows yet. */
  readonly atLeast?: boolean
}

const problems: Readonly<Record<Measure, ProblemId>> = {
  rate: 'limit.rate',
  bytes: 'limit.bytes',
  files: 'limit.files',
  concurrent: 'limit.concurrent',
}

/** What can never pass comes first: no waiting mends it, and the status is that of the first. */
export function refuse(first: Shortfall, ...others: Shortfall[]): Refusal {
  const shortfalls = [first, ...others]
  const never = shortfalls.filter(isNever)
  const [leading = first, ...rest] = [...never, ...shortfalls.filter((each) => !isNever(each))]
  const waits = shortfalls.flatMap(({ wait }) => (wait === null ? [] : [seconds(wait)]))
  const told = refusal(violationOf(leading), ...rest.map(violationOf))
  return waits.length === 0 ? told : { ...told, retryAfter: Math.max(...waits) }
}

export function unavailable(): Refusal {
  return refusal(violation('limit.unavailable'))
}

/** The request has nothing that the limit could count it by. */
export function keyMissing({ key, name }: Limit): Violation {
  if (key.kind === 'header') {
    const failed = `the header field ${key.name} is missing, by which limit ${name} counts`
    return violation('limit.key', { failed, expected: `a value in ${key.name}` })
  }
  const claim = key.kind === 'claim' ? key.name : ''
  const failed = `no bearer token that verifies has the claim ${claim}, by which limit ${name} counts`
  return violation('limit.token', { failed })
}

function isNever({ limit, needed }: Shortfall): boolean {
  return limit.measure !== 'concurrent' && needed > limit.capacity
}

function violationOf(shortfall: Shortfall): Violation {
  const { limit } = shortfall
  const expected = limitInWords(limit)
  if (isNever(shortfall)) return violation('limit.capacity', { failed: never(shortfall), expected })
  return violation(problems[limit.measure], { failed: now(shortfall), expected })
}

function never(shortfall: Shortfall): string {
  return `${has(shortfall)}, and limit ${shortfall.limit.name} never lets through more than ${amountInWords(shortfall.limit, shortfall.limit.capacity)} at once`
}

function now(shortfall: Shortfall): string {
  const { limit, remaining } = shortfall
  const whole = amountInWords(limit, limit.capacity)
  if (limit.measure === 'concurrent') return `${whole} are under way, as many as limit ${limit.name} allows`
  const left = `${limit.measure === 'bytes' ? amountInWords(limit, remaining) : remaining} of ${whole} left in limit ${limit.name}`
  return limit.measure === 'rate' ? left : `${left}, and ${has(shortfall)}`
}

function has({ limit, needed, atLeast = false }: Shortfall): string {
  const amount = amountInWords(limit, needed)
  return `${limit.measure === 'files' ? 'the upload' : 'the body'} has ${atLeast ? 'at least ' : ''}${amount}`
}
