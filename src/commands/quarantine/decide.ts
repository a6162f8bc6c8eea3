import type { Decision } from '../../quarantine/review/decision.ts'
import type { DeleteOutcome, ReleaseOutcome } from '../../quarantine/review/outcome.ts'
import { wordsOf } from '../../quarantine/review/outcome-words.ts'
import type { QuarantineReview } from '../../quarantine/review/review.ts'
import { toldAttempt } from '../../quarantine/review/summary.ts'
import { exits } from '../arguments.ts'
import { printable } from '../inspect/terminal-text.ts'

/** What a command prints, and its exit code. */
export interface Told {
  readonly exit: number
  readonly text: string
}

export async function releaseOne(review: QuarantineReview, decision: Decision, json: boolean): Promise<Told> {
  const ended = await review.release(decision)
  return tell(decision.id, ended, ended.outcome === 'released', json)
}

export async function deleteOne(review: QuarantineReview, decision: Decision, json: boolean): Promise<Told> {
  const ended = await review.remove(decision)
  return tell(decision.id, ended, ended.outcome === 'deleted', json)
}

function tell(id: string, ended: ReleaseOutcome | DeleteOutcome, done: boolean, json: boolean): Told {
  const exit = done ? exits.fine : exits.failed
  if (json)
    return { exit, text: `${JSON.stringify({ id, ...withoutMachine(ended), words: wordsOf(ended) }, null, 2)}\n` }
  const answer = 'answer' in ended ? ended.answer : null
  const lines = [
    `${printable(id)}: ${printable(wordsOf(ended))}`,
    ...(answer?.location ? [`    it points to ${printable(answer.location)}`] : []),
    ...(answer && answer.text !== ''
      ? answer.text
          .trimEnd()
          .split('\n')
          .map((line) => `    ${printable(line.trimEnd())}`)
      : []),
    ...hint(ended),
  ]
  return { exit, text: `${lines.join('\n')}\n` }
}

function withoutMachine(ended: ReleaseOutcome | DeleteOutcome): object {
  return 'by' in ended ? { ...ended, by: toldAttempt(ended.by) } : ended
}

/** What to do next, where a person must do something. */
function hint({ outcome }: ReleaseOutcome | DeleteOutcome): string[] {
  if (outcome !== 'unclear' && outcome !== 'uncertain') return []
  return ['    Look whether the backend has it. Then delete it or, if it has it not, release it, with --again.']
}
