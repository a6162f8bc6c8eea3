import type { Logger } from 'pino'
import type { Loaded } from '../config/load.ts'
import type { Metrics } from '../metrics/registry.ts'
import type { Clock } from './clock.ts'
import type { ReadCounters } from './counters.ts'
import type { Journal } from './journal.ts'

/** A configuration that can be put in force. */
export type Configured = Pick<Extract<Loaded, { readonly ok: true }>, 'snapshot' | 'material'>

/**
 * How a configuration comes in the place of another. `onTrial`: what the one before has open stays so, for the way back.
 * `back`: it was in force before, and need not prove itself again.
 */
export type ChangeWay = 'forGood' | 'onTrial' | 'back'

/** What changes need of a running gateway. */
export interface ChangeableGateway {
  /** The configuration that new requests get. */
  readonly loaded: () => Configured
  /** Puts another one in its place, or changes nothing and says why. */
  readonly change: (
    next: Configured,
    way: ChangeWay,
  ) => Promise<{ readonly changed: true } | { readonly changed: false; readonly why: string }>
  /** A trial is over for good: what was kept open for its way back is closed. */
  readonly settle: () => void
}

/** What the parts of this folder share. */
export interface Surroundings {
  readonly gateway: ChangeableGateway
  /** Absolute path of the configuration file. */
  readonly file: string
  /** Null where the configuration has no ledger. */
  readonly journal: Journal | null
  /** Checks a text as if it stood in the file. */
  readonly load: (text: string) => Loaded
  readonly readCounters: ReadCounters
  readonly clock: Clock
  readonly metrics: Pick<
    Metrics,
    'configurationReloads' | 'configurationReloadSuccessful' | 'configurationApplied' | 'configurationTrial'
  >
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}
