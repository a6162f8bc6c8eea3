import type { SealedBytes } from './sealing/unseal.ts'
import type { EntryState, Kept } from './store.ts'

/** An entry as the medium knows it: sealed. */
export interface Found {
  readonly id: string
  readonly state: EntryState
  readonly bytes: number
}

export interface Source extends SealedBytes {
  readonly state: EntryState
  close(): Promise<void>
}

/** Where sealed entries lie: a directory, or a bucket. Ids are checked before they come here. */
export interface Medium {
  /** In any order. Things that no store has put there are not among them. */
  look(): Promise<readonly Found[]>
  /** Whole and durable, or nothing of it. Rejects with the signal's reason only. */
  write(id: string, size: number, sealed: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Kept>
  /** `found` is what a look just found of it. */
  open(id: string, found?: Found): Promise<Source | null>
  claim(id: string): Promise<'claimed' | 'releasing' | 'absent'>
  unclaim(id: string): Promise<void>
  /** False where there was none, or where it is claimed by somebody and `claimed` is false. */
  discard(id: string, claimed: boolean): Promise<boolean>
  /** Clears what processes left that died. */
  tidy(): Promise<void>
  close(): Promise<void>
}
