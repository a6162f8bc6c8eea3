import type { SigningKey } from '../../../signatures/signing-key.ts'
import type { Address } from './connection/connection.ts'

/** What every scanner has, of whatever kind; durations in milliseconds. */
export interface GuardSettings {
  /** The longest that the scan of one file may take. */
  readonly timeout: number
  /** Files that it is asked about at a time. */
  readonly concurrent: number
  /** Files that may wait for it. */
  readonly queue: number
  /** The longest that a file may wait for it. */
  readonly wait: number
  /** How often it is probed, besides at the start; null: at the start only. */
  readonly probe: number | null
  /** The oldest that its signatures may be; null: any age, as for those that never tell it. */
  readonly signatureAge: number | null
  /** Whether the gateway is ready only while the scanner is up. */
  readonly readiness: 'report' | 'require'
}

interface Reached {
  /** Milliseconds for opening a connection. */
  readonly connect: number
}

type Dated = Pick<GuardSettings, 'signatureAge'>

/** What each kind has of its own. */
export type KindSettings =
  | ({ readonly type: 'clamd'; readonly address: Address } & Reached & Dated)
  | ({ readonly type: 'icap'; readonly url: string; readonly method: 'respmod' | 'reqmod' } & Reached)
  | ({ readonly type: 'http'; readonly url: string; readonly sign: SigningKey | null } & Reached & Dated)
  | ({
      readonly type: 'yara'
      readonly files: readonly string[]
      readonly largest: number
      /** What is made of archives, which rules do not look into. */
      readonly archives: 'unscanned' | 'ignore'
    } & Dated)
  | ({ readonly type: 'hashes'; readonly deny: readonly string[]; readonly allow: readonly string[] } & Dated)

export type ScannerKind = KindSettings['type']

export type ScannerSettings = Omit<GuardSettings, 'signatureAge'> & KindSettings

/** The most that any policy lets through to a scanner. */
export interface ScannerNeed {
  /** Bytes of one file. */
  readonly size: number
  /** Levels of archives; 1 for an archive whose members are no archives. */
  readonly depth: number
}
