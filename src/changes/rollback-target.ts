import { type Violation, violation } from '../problems/violation.ts'
import { entryBefore, type HistoryEntry } from './history.ts'
import type { Journal } from './journal.ts'

/** What a rollback puts in force again. */
type Target = { readonly entry: HistoryEntry; readonly text: string }

/** The entry of this number, null for the one before that in force; or why there is none. Rejects where a disk fails. */
export async function findTarget(journal: Journal, number: number | null): Promise<Target | Violation> {
  const entries = await journal.entries()
  const entry = number === null ? entryBefore(entries) : entries.find((each) => each.number === number)
  if (entry === null || entry === undefined) {
    const failed =
      number === null ? 'there is no entry with another text before the one in force' : `there is no entry ${number}`
    return violation('configuration.absent', { failed })
  }
  const text = await journal.texts.read(entry.after)
  return text === null
    ? violation('configuration.absent', { failed: `the text of entry ${entry.number} is not kept any more` })
    : { entry, text }
}
