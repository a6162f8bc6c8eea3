import type { Expected } from '../suite/suite-schema.ts'
import type { AnswerInWords } from './read-answer.ts'

/** Something that is not as the suite says. Clauses for people. */
export interface Difference {
  readonly what: 'answer' | 'outcome' | 'problems' | 'status' | 'backend'
  readonly expected: string
  readonly found: string
}

/** The answer against what the suite expects. `verdict`: what only the backend knows; null where nobody asked it. */
export function compareAnswer(
  expected: Expected,
  answer: AnswerInWords,
  verdict: 'released' | 'relayed' | null,
): Difference[] {
  return [
    ...compareOutcome(expected, answer, verdict),
    ...compareProblems(expected, answer),
    ...(expected.status === undefined || expected.status === answer.status
      ? []
      : [{ what: 'status' as const, expected: String(expected.status), found: String(answer.status) }]),
  ]
}

function compareOutcome(
  { outcome: expected }: Expected,
  { outcome, problems, status }: AnswerInWords,
  verdict: 'released' | 'relayed' | null,
): Difference[] {
  const found = outcome === 'accepted' ? (verdict ?? 'released or relayed') : outcome
  if (found.split(' or ').includes(expected)) return []
  const because = problems.length === 0 ? `status ${status}` : problems.join(', ')
  return [{ what: 'outcome', expected, found: `${found} (${because})` }]
}

function compareProblems(
  { outcome, problems: expected }: Expected,
  { outcome: answered, problems: found, status }: AnswerInWords,
): Difference[] {
  // An outcome that differs is told with its problems already.
  if ((answered === 'accepted') !== (outcome === 'released' || outcome === 'relayed')) return []
  if (expected === undefined) return undecided(answered, status, found)
  const exact = Array.isArray(expected)
  const wanted: readonly string[] = exact ? expected : expected.includes
  const missing = wanted.filter((id) => !found.includes(id))
  const surplus = exact ? found.filter((id) => !wanted.includes(id)) : []
  if (missing.length + surplus.length === 0) return []
  const words = exact ? listed(wanted) : `${listed(wanted)} among them`
  return [{ what: 'problems', expected: words, found: listed(found) }]
}

/** A refusal for want of a scanner or of room says nothing about the upload. */
function undecided(answered: AnswerInWords['outcome'], status: number, found: readonly string[]): Difference[] {
  if (answered !== 'refused' || status < 500) return []
  return [{ what: 'problems', expected: 'a refusal of the upload', found: listed(found) }]
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : ids.join(', ')
}
