import { jsonDocument, printable } from '../../printable.ts'
import type { Action, Decision } from '../../quarantine/review/decision.ts'
import type { DeleteOutcome, ReleaseOutcome } from '../../quarantine/review/outcome.ts'
import { wordsOf } from '../../quarantine/review/outcome-words.ts'
import type { QuarantineReview } from '../../quarantine/review/review.ts'
import { toldOutcome } from '../../quarantine/review/summary.ts'
import { exits } from '../arguments.ts'

/** What a command prints, and its exit code. */
export interface Told {
  readonly exit: number
  readonly text: string
}

export async function releaseOne(review: QuarantineReview, decision: Decision, json: boolean): Promise<Told> {
  const ended = await review.release(decision)
  return tell(decision.id, ended, 'quarantine.release', json)
}

export async function deleteOne(review: QuarantineReview, decision: Decision, json: boolean): Promise<Told> {
  const ended = await review.remove(decision)
  return tell(decision.id, ended, 'quarantine.delete', json)
}

function tell(id: string, ended: ReleaseOutcome | DeleteOutcome, action: Action, json: boolean): Told {
  const words = wordsOf(ended, action)
  const exit = ended.outcome === 'released' || ended.outcome === 'deleted' ? exits.fine : exits.failed
  if (json) {
    return { exit, text: jsonDocument({ id, ...toldOutcome(ended), words }) }
  }
  const answer = 'answer' in ended ? ended.answer : null
  const lines = [
    `${printable(id)}: ${printable(words)}`,
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

/** What to do next, where a person must do something. */
function hint({ outcome }: ReleaseOutcome | DeleteOutcome): string[] {
  if (outcome !== 'unclear') return []
  return ['    Look whether the backend has it. Then delete it or, if it has it not, release it, with --again.']
}
