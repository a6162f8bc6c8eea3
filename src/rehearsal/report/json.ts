import { tameJson } from '../../printable.ts'
import { type Rehearsal, totalsOf } from './rehearsal.ts'

/** Everything, for programs. */
export function jsonReport(rehearsal: Rehearsal): string {
  return `${tameJson(JSON.stringify({ ...rehearsal, totals: totalsOf(rehearsal.results) }, null, 2))}\n`
}
