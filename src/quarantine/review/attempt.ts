import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { LedgerRecord, WrittenRecord } from '../../ledger/ledger.ts'
import type { Decision } from './decision.ts'

/** How an attempt ended; `failed`: before anything was sent. */
export type AttemptResult = 'released' | 'refused' | 'unreachable' | 'unclear' | 'failed'

/** Somebody's attempt to release or delete an entry, as the ledger has it. */
export interface Attempt {
  readonly id: string
  readonly action: string
  readonly who: string
  readonly why: string
  /** ISO 8601. */
  readonly time: string
  /** ISO 8601: by then it has ended, whatever became of it. */
  readonly until: string
  /** Null where the ledger has no end of it. */
  readonly result: AttemptResult | null
  /** What the backend answered; null where that is unknown. */
  readonly status: number | null
  readonly host: string
  readonly pid: number
  /** Distinguishes processes that had the same number one after the other. */
  readonly run: string
}

const here = { host: hostname(), pid: process.pid, run: randomUUID() }

/** What the ledger gets before anything is done. `follows`: the attempt that was the latest; of two that follow the same one, the first counts. */
export function begunDetails(
  id: string,
  follows: Attempt | null,
  until: number,
  { again, via }: Pick<Decision, 'again' | 'via'>,
): LedgerRecord['details'] {
  const deadline = new Date(until).toISOString()
  return { phase: 'begun', attempt: id, follows: follows?.id ?? null, again, via, until: deadline, ...here }
}

export function endedDetails(id: string, result: AttemptResult, status: number | null): LedgerRecord['details'] {
  return { phase: 'ended', attempt: id, result, status }
}

/**
 * The latest attempt that counts. The order of the ledger decides between attempts that were begun at the same time, so
 * that of several people who go on with the same unclear entry one wins, in whatever processes they are.
 */
export function latestAttempt(records: readonly WrittenRecord[]): Attempt | null {
  let latest: Attempt | null = null
  for (const record of records) {
    const { phase, attempt, follows } = record.details
    if (typeof attempt !== 'string') continue
    if (phase === 'begun' && (latest === null || follows === latest.id)) latest = begun(record, attempt)
    if (phase === 'ended' && latest !== null && attempt === latest.id) latest = ended(latest, record)
  }
  return latest
}

function begun({ action, who, why, time, details }: WrittenRecord, id: string): Attempt {
  const { until, host, pid, run } = details
  return {
    id,
    action,
    who,
    why,
    time,
    until: text(until),
    result: null,
    status: null,
    host: text(host),
    pid: typeof pid === 'number' ? pid : 0,
    run: text(run),
  }
}

const results: ReadonlySet<unknown> = new Set(['released', 'refused', 'unreachable', 'unclear', 'failed'])

function ended(attempt: Attempt, { details }: WrittenRecord): Attempt {
  const result = results.has(details['result']) ? (details['result'] as AttemptResult) : 'unclear'
  const status = typeof details['status'] === 'number' ? details['status'] : null
  return { ...attempt, result, status }
}

/** Whether somebody may still be at it: it has no end, its time is not over, and its process is not known to be gone. */
export function isUnderWay(attempt: Attempt, now: number): boolean {
  if (attempt.result !== null || !(now < Date.parse(attempt.until))) return false
  if (attempt.host !== here.host) return true
  return attempt.pid === here.pid ? attempt.run === here.run : isAlive(attempt.pid)
}

/** Whether it ended without the backend having acted on it. */
export function leftUntouched({ result }: Attempt): boolean {
  return result === 'refused' || result === 'unreachable' || result === 'failed'
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
