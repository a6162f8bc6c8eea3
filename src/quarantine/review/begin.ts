import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ledger, LedgerRecord } from '../../ledger/ledger.ts'
import type { QuarantineStore } from '../store.ts'
import {
  type Attempt,
  type AttemptResult,
  begunDetails,
  endedDetails,
  isUnderWay,
  latestAttempt,
  leftUntouched,
} from './attempt.ts'
import type { Action, Decision } from './decision.ts'
import type { NotBegun } from './outcome.ts'
import { doingOf } from './state.ts'

/** An entry that is this caller's alone until `end`, or until `until` is over. */
export interface Begun {
  readonly outcome: 'begun'
  /** Writes the end of it into the ledger. */
  end(result: AttemptResult, status?: number | null): Promise<void>
  /** The same where nothing was done: the entry is what it was before, as far as anybody knows. Never rejects. */
  lapse(): Promise<void>
}

export interface Records {
  readonly store: Pick<QuarantineStore, 'claim' | 'unclaim'>
  readonly ledger: Ledger
}

/**
 * Takes an entry and writes down who does what to it and why, both durably, before anything is done. The store decides
 * who takes a held entry; the ledger who goes on with one whose release has no known end. Never rejects.
 */
export async function begin(
  { store, ledger }: Records,
  action: Action,
  decision: Decision,
  until: number,
): Promise<Begun | NotBegun> {
  const { id, who, why } = decision
  const attempt = randomUUID()
  const write = (details: LedgerRecord['details']): Promise<void> =>
    ledger.append({ action, who, why, subject: id, details })
  let isMine = false
  let isOnRecord = false
  let before: Attempt | null = null
  const lapse = async (): Promise<void> => {
    const isHeld = before === null ? isMine : leftUntouched(before)
    // Whoever says `again` to a deletion may know that the backend has it.
    const result = isHeld ? 'failed' : before?.result === 'released' ? 'released' : 'unclear'
    if (isOnRecord) await write(endedDetails(attempt, result, before?.status ?? null)).catch(() => undefined)
    if (isHeld) await store.unclaim(id).catch(() => undefined)
  }
  try {
    const claim = await store.claim(id)
    if (claim === 'absent') return { outcome: 'absent' }
    isMine = claim === 'claimed'
    before = await latest(ledger, id, isMine || decision.again ? 1 : looks)
    const hindrance = hindranceOf(before, action, isMine, decision.again)
    if (hindrance !== null) return hindrance
    isOnRecord = true
    await write(begunDetails(attempt, before, until, decision))
    const winner = latestAttempt(await ledger.about(id))
    if (winner === null) throw new Error('the ledger does not have what was just written to it')
    if (winner.id !== attempt) return { outcome: doingOf(winner), by: winner }
    return { outcome: 'begun', end: (result, status = null) => write(endedDetails(attempt, result, status)), lapse }
  } catch (error) {
    await lapse()
    return { outcome: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Why an entry with this history is not to be touched. Asked also where the claim succeeded: a late `unclaim` may have
 * freed what somebody else went on with, and a restored copy of the store may hold what was released.
 */
function hindranceOf(before: Attempt | null, action: Action, isMine: boolean, again: boolean): NotBegun | null {
  if (before !== null && isUnderWay(before, Date.now())) return { outcome: doingOf(before), by: before }
  if (before?.result === 'released')
    return action === 'quarantine.release' ? { outcome: 'alreadyReleased', by: before } : null
  const isSafe = before === null ? isMine : leftUntouched(before)
  return isSafe || again ? null : { outcome: 'unclear', by: before }
}

/** Between a claim and its line in the ledger is a moment in which nobody can tell whose it is. */
const looks = 5
const pause = 100

async function latest(ledger: Ledger, id: string, times: number): Promise<Attempt | null> {
  for (let left = times; ; left -= 1) {
    const attempt = latestAttempt(await ledger.about(id))
    if (left <= 1 || attempt !== null) return attempt
    await wait(pause)
  }
}
