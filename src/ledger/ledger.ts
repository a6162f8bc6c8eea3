export type QuarantineAction = 'quarantine.release' | 'quarantine.delete'

/**
 * `start`, `apply`, `rollback` and `trial` put a configuration in force; `confirm` and `revert` end a trial, and `effect`
 * says what was measured.
 */
export type ConfigurationAction =
  | 'configuration.start'
  | 'configuration.apply'
  | 'configuration.rollback'
  | 'configuration.trial'
  | 'configuration.confirm'
  | 'configuration.revert'
  | 'configuration.effect'

/** Something that a person did, and why. What belongs to one kind of act only stands in `details`. */
export interface LedgerRecord {
  readonly action: QuarantineAction | ConfigurationAction
  readonly who: string
  readonly why: string
  /** What it was done to. */
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** A record as it was written, with when. */
export type WrittenRecord = Omit<LedgerRecord, 'action'> & {
  readonly action: string
  /** ISO 8601, in UTC. */
  readonly time: string
}

/** The record of what people did. All who append to one file see the same order. */
export interface Ledger {
  /** Resolves when the record would survive a loss of power; rejects where it cannot be written. */
  append(record: LedgerRecord): Promise<void>
  /** What was done to a subject, oldest first, as far back as is looked. */
  about(subject: string): Promise<readonly WrittenRecord[]>
}
