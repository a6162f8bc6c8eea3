import { problem } from '../../problems/catalogue.ts'
import type { RecordedLine } from '../../why/recorded-line.ts'

type Ended = Pick<
  RecordedLine,
  'outcome' | 'status' | 'verdict' | 'upstream' | 'problems' | 'lane' | 'bytes' | 'backend'
>

const outcomes: Readonly<Record<string, string>> = {
  released: 'let through',
  stripped: 'let through without its refused files',
  relayed: 'relayed uninspected',
  upgraded: 'relayed as a tunnel',
  answered: 'answered by the gateway itself',
  refused: 'refused',
  failed: 'failed',
  aborted: 'broken off by the client',
}

/** "refused with status 415: The file is not what its name says; verdict refused". */
export function endingOf({ outcome, status, verdict, upstream, problems }: Ended): string {
  const [first] = problems
  return [
    `${outcomes[outcome] ?? outcome}${status === null ? '' : ` with status ${status}`}${first ? `: ${problem(first.id).title}` : ''}`,
    verdict === null ? null : `verdict ${verdict}`,
    upstream === null ? null : upstreamInWords(upstream),
  ]
    .filter((words) => words !== null)
    .join('; ')
}

function upstreamInWords({ name, status, failure }: NonNullable<Ended['upstream']>): string {
  if (failure !== null) return `upstream ${name} gave no answer (${failure})`
  return status === null ? `upstream ${name} gave no answer` : `upstream ${name} answered ${status}`
}

/** Whether the request can be sent again without being acted on twice, and whether that would help. */
export function retryOf({ backend = null, problems, upstream, outcome }: Ended): string {
  const answered = upstream !== null && upstream.status !== null
  if (backend === null) return answered ? 'not needed: the backend has answered it' : noAnswer(outcome)
  const useful = problems.length > 0 && problems.every(({ id }) => problem(id).retry === 'later')
  const help = useful ? 'may succeed later' : 'the same bytes would be refused again'
  return backend === 'untouched'
    ? `safe: no backend has seen anything of it; ${help}`
    : 'not safe: a backend may have acted on it'
}

function noAnswer(outcome: string): string {
  return outcome === 'answered' ? 'safe: no backend was asked' : 'not safe: a backend may have acted on it'
}
