import type { Endpoint, Family, Message, ProbeCase } from './case.ts'
import { controlMessage } from './material/form.ts'
import { differences } from './verdict/difference.ts'
import { isBusy, judge, type Standard, says, type Verdict } from './verdict/judge.ts'
import { readingIn } from './verdict/reading.ts'
import { type Exchange, exchange, type Patience } from './wire/exchange.ts'
import { type Clock, startPace } from './wire/pace.ts'

export interface ProbePlan {
  readonly endpoint: Endpoint
  readonly cases: readonly ProbeCase[]
  /** Requests per second, at the most. */
  readonly rate: number
  readonly patience: Patience
  /** Milliseconds for everything. */
  readonly total: number
  readonly echo: boolean
  /** A text in an answer that refuses, whatever its status; null where the status says it. */
  readonly refusedBy: string | null
}

export interface Result extends Verdict {
  readonly id: string
  readonly family: Family
}

export interface ProbeRun {
  readonly results: readonly Result[]
  /** Why it ended before its last case, or why its end is in doubt; safe to print. Null where it is whole. */
  readonly stopped: string | null
  /** Requests that were sent. */
  readonly requests: number
  /** The status with which the harmless upload was accepted. */
  readonly control: number
}

interface Sender {
  readonly send: (message: Message) => Promise<Exchange>
  readonly sent: () => number
  /** Milliseconds that are left. */
  readonly left: () => number
}

/** A probe of an endpoint that does not accept the harmless upload could not tell a refusal from a failure. */
export type Probed = ({ readonly ok: true } & ProbeRun) | { readonly ok: false; readonly reason: string }

/** Sends the cases one after the other, as long as the harmless upload between them is accepted. */
export async function probe(plan: ProbePlan, clock: Clock, onCase: (id: string) => void): Promise<Probed> {
  const { endpoint, echo, refusedBy } = plan
  const sender = startSending(plan, clock)
  const first = await sendControl(plan, sender)
  if (first.fault !== null) return { ok: false, reason: first.fault }
  const accepted = Math.floor(first.status / 100)
  const standard: Standard = { accepted, echo, refusedBy, fields: endpoint.fields }
  const results: Result[] = []
  const stopped = await sendCases(plan, sender, standard, (result) => {
    results.push(result)
    onCase(result.id)
  })
  const rest = plan.cases.slice(results.length).map(notSent)
  return { ok: true, results: [...results, ...rest], stopped, requests: sender.sent(), control: first.status }
}

/** Why it ended before the last case; null where it did not. */
async function sendCases(
  plan: ProbePlan,
  sender: Sender,
  standard: Standard,
  tell: (result: Result) => void,
): Promise<string | null> {
  let before: ProbeCase | null = null
  for (const one of plan.cases) {
    if (before !== null && before.family !== one.family) {
      const doubt = await stillStands(plan, sender, before)
      if (doubt !== null) return doubt
    }
    if (sender.left() <= 0) return `the time for all of it is over (${plan.total / 1000} s): --total gives it more`
    before = one
    const message = one.build(plan.endpoint)
    const verdict = judge(one, message, await sender.send(message), standard)
    tell({ id: one.id, family: one.family, ...verdict })
    const doubt = verdict.outcome === 'no answer' ? await stillStands(plan, sender, one) : null
    if (doubt !== null) return doubt
  }
  return before === null ? null : await stillStands(plan, sender, before)
}

/** A target that has died, or that has begun to refuse everything, says nothing more about single cases. */
async function stillStands(plan: ProbePlan, sender: Sender, { id }: ProbeCase): Promise<string | null> {
  const { fault } = await sendControl(plan, sender)
  if (fault === null) return null
  return `after ${id}, the harmless upload was no longer accepted: ${fault}`
}

/** A status, and what is wrong with the answer as a clause; null where the harmless upload was accepted. */
async function sendControl(plan: ProbePlan, { send }: Sender): Promise<{ status: number; fault: string | null }> {
  const message = controlMessage(plan.endpoint)
  const got = await send(message)
  if (got.kind === 'unreachable') return { status: 0, fault: got.reason }
  if (got.kind === 'silent') return { status: 0, fault: 'no answer before the deadline' }
  if (got.kind === 'garbage') return { status: 0, fault: 'the answer is no HTTP' }
  if (got.kind === 'closed') return { status: 0, fault: 'the connection was closed without an answer' }
  const [answer] = got.answers
  const { status, body } = answer
  const { refusedBy, echo } = plan
  if (status < 200 || status > 399) return { status, fault: `it was answered ${status}` }
  if (refusedBy !== null && says(answer, refusedBy)) return { status, fault: 'its answer has the text of a refusal' }
  if (!echo || message.intended === null) return { status, fault: null }
  const read = readingIn(body)
  if (read === null) return { status, fault: 'its answer is not the JSON that --echo asks for' }
  const [difference = null] = differences(message.intended, read)
  return { status, fault: difference === null ? null : `even that was read differently: ${difference}` }
}

const mostAttempts = 3
/** Milliseconds for which an answer can make the probe wait. */
const longestWait = 30_000

/** An answer that asks to wait says nothing about what was sent: it is waited for, within bounds. */
function startSending({ endpoint, rate, patience, total }: ProbePlan, clock: Clock): Sender {
  const pace = startPace(rate, clock)
  const end = clock.now() + total
  const left = (): number => end - clock.now()
  let sent = 0
  const send = async (message: Message): Promise<Exchange> => {
    for (let attempt = 1; ; attempt++) {
      await pace()
      sent++
      const got = await exchange(message, endpoint.url, patience)
      const busy = got.kind === 'answered' && isBusy(got.answers[0]) ? got.answers[0] : null
      if (busy === null || attempt === mostAttempts) return got
      await clock.sleep(Math.max(0, Math.min((busy.retryAfter ?? 1) * 1000, longestWait, left())))
    }
  }
  return { send, sent: () => sent, left }
}

function notSent({ id, family }: ProbeCase): Result {
  return { id, family, outcome: 'not sent', status: null, detail: 'not sent', differences: [] }
}
