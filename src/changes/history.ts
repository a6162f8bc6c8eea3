import type { WrittenRecord } from '../ledger/ledger.ts'
import {
  type EffectDetails,
  type EndDetails,
  type EntryDetails,
  effectDetails,
  endDetails,
  entryDetails,
} from './record.ts'

const putting = ['start', 'apply', 'rollback', 'trial'] as const

/** How a trial ended, with who and when. */
export interface TrialEnd extends EndDetails {
  readonly state: 'confirmed' | 'reverted'
  readonly who: string
  readonly why: string
  readonly time: string
}

/** Something that was put in force, with what is known of it by now. */
export interface HistoryEntry extends EntryDetails {
  readonly action: (typeof putting)[number]
  readonly who: string
  readonly why: string
  /** ISO 8601, in UTC. */
  readonly time: string
  /** Of a trial; null while it runs, and where its gateway is gone. */
  readonly end: TrialEnd | null
  /** Null until it was measured. */
  readonly effect: EffectDetails | null
}

/** The entries that records of the ledger tell of, oldest first. What is no such record is left out. */
export function historyOf(records: readonly WrittenRecord[]): readonly HistoryEntry[] {
  const entries = new Map<number, HistoryEntry>()
  for (const record of records) {
    const entry = entryOf(record) ?? completed(entries, record)
    if (entry !== null) entries.set(entry.number, entry)
  }
  return [...entries.values()]
}

function entryOf({ action, details, who, why, time }: WrittenRecord): HistoryEntry | null {
  const kind = putting.find((each) => action === `configuration.${each}`)
  const read = kind === undefined ? null : entryDetails.safeParse(details)
  if (kind === undefined || !read?.success) return null
  return { ...read.data, action: kind, who, why, time, end: null, effect: null }
}

/** The entry that a later record says more of. */
function completed(entries: ReadonlyMap<number, HistoryEntry>, record: WrittenRecord): HistoryEntry | null {
  const { action, details, who, why, time } = record
  if (action === 'configuration.effect') {
    const effect = effectDetails.safeParse(details).data
    const entry = entries.get(effect?.of ?? 0)
    return effect && entry ? { ...entry, effect } : null
  }
  if (action !== 'configuration.confirm' && action !== 'configuration.revert') return null
  const end = endDetails.safeParse(details).data
  const entry = entries.get(end?.of ?? 0)
  const state = action === 'configuration.confirm' ? 'confirmed' : 'reverted'
  if (end === undefined || entry === undefined) return null
  return { ...entry, overwritten: end.overwritten ?? entry.overwritten, end: { ...end, state, who, why, time } }
}

/** Whether it stayed in force until the next one: a trial does only once it was confirmed. */
function stayed({ action, end }: HistoryEntry): boolean {
  // Also after a confirmation, a file that could not be written has it reverted.
  return action !== 'trial' ? end?.state !== 'reverted' : end?.state === 'confirmed'
}

/** The entry that is in force where no trial runs; null where there is none. */
export function latestStayed(entries: readonly HistoryEntry[]): HistoryEntry | null {
  return entries.findLast(stayed) ?? null
}

/**
 * What a rollback without a number goes back to: the last entry with another text before that in force. After a rollback
 * to an entry, that is counted from there, so that two rollbacks go back twice and do not bring back what the first undid.
 */
export function entryBefore(entries: readonly HistoryEntry[]): HistoryEntry | null {
  const current = latestStayed(entries)
  if (current === null) return null
  const origin = originOf(entries, current)
  return entries.findLast((entry) => entry.number < origin && stayed(entry) && entry.after !== current.after) ?? null
}

/** The number of the entry that first had the text of this one, through all rollbacks. */
function originOf(entries: readonly HistoryEntry[], { number, to }: HistoryEntry): number {
  // A rollback goes back: each step has a smaller number than the one before.
  const target = to !== null && to < number ? entries.find((entry) => entry.number === to) : undefined
  return target === undefined ? number : originOf(entries, target)
}
