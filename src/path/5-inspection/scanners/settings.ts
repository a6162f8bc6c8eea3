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
  /** The oldest that its signatures may be; null: any age. */
  readonly signatureAge: number | null
  /** Whether the gateway is ready only while the scanner is up. */
  readonly readiness: 'report' | 'require'
}

interface Reached {
  /** Milliseconds for opening a connection. */
  readonly connect: number
}

/** What each kind has of its own. */
export type KindSettings =
  | ({ readonly type: 'clamd'; readonly address: Address } & Reached)
  | ({ readonly type: 'icap'; readonly url: string; readonly method: 'respmod' | 'reqmod' } & Reached)
  | ({ readonly type: 'http'; readonly url: string; readonly sign: SigningKey | null } & Reached)
  | { readonly type: 'yara'; readonly files: readonly string[]; readonly largest: number }
  | { readonly type: 'hashes'; readonly deny: readonly string[]; readonly allow: readonly string[] }

export type ScannerKind = KindSettings['type']

export type ScannerSettings = GuardSettings & KindSettings

/** The most that any policy lets through to a scanner. */
export interface ScannerNeed {
  /** Bytes of one file. */
  readonly size: number
  /** Levels of archives; 1 for an archive whose members are no archives. */
  readonly depth: number
}
