import { isDeepStrictEqual } from 'node:util'
import type { Snapshot } from '../config/snapshot.ts'
import type { Difference } from '../difference/difference.ts'
import { plain } from '../printable.ts'
import type { EntryDetails } from './record.ts'

/** Together with all else, these fit into a line of the ledger, whatever characters they consist of. */
const mostLoosened = 20
const longestWords = 100
const mostPolicies = 5
const longestExpected = 120

type Known = Pick<EntryDetails, 'number' | 'expected' | 'window' | 'to' | 'trial' | 'overwritten' | 'via'>

/** What a record tells of a change. `before` and `differences` are null where nobody knows the text before. */
export function entryDetailsOf(
  known: Known,
  before: Snapshot | null,
  after: Snapshot,
  differences: readonly Difference[] | null,
): EntryDetails {
  return {
    ...known,
    expected: known.expected === null ? null : plain(known.expected, 500),
    before: before?.hash ?? null,
    after: after.hash,
    differences: differences === null ? null : countsOf(differences),
    loosened: (differences ?? [])
      .filter(({ effect }) => effect === 'loosened')
      .slice(0, mostLoosened)
      .map(({ words }) => plain(words, longestWords)),
    policies: Object.fromEntries(expectations(before, after)),
  }
}

function countsOf(differences: readonly Difference[]): NonNullable<EntryDetails['differences']> {
  const of = (effect: Difference['effect']): number => differences.filter((each) => each.effect === effect).length
  return { loosened: of('loosened'), tightened: of('tightened'), moved: of('moved'), changed: of('changed') }
}

/** What policies expect that are new or not as they were. */
function expectations(before: Snapshot | null, after: Snapshot): (readonly [string, string])[] {
  return [...after.policies]
    .flatMap(([name, policy]) => {
      const isSame = isDeepStrictEqual(before?.policies.get(name), policy)
      return isSame || policy.expected === null ? [] : [[name, plain(policy.expected, longestExpected)] as const]
    })
    .slice(0, mostPolicies)
}
