import { jsonDocument } from '../../printable.ts'
import { type Rehearsal, totalsOf } from './rehearsal.ts'

/** Everything, for programs. */
export function jsonReport(rehearsal: Rehearsal): string {
  return jsonDocument({ ...rehearsal, totals: totalsOf(rehearsal.results) })
}
