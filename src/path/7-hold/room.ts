import type { Violation } from '../../problems/violation.ts'
import type { Turns } from '../../turns.ts'
import type { Budget } from './budget.ts'

/** The room that all holdings of the process share. */
export interface Room {
  readonly memory: Budget
  readonly spool: Budget
  /** Spool files that may be open. */
  readonly files: Budget
  readonly turns: Turns
  /** Of the spool. */
  readonly directory: string
  /** Bytes in the spool at this moment. */
  written: number
  /** Releases that read from the spool at this moment. */
  readers: number
  reserveSpool(bytes: number): Promise<Violation | null>
}
