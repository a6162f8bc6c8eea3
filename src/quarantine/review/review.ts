import type { Logger } from 'pino'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Metrics } from '../../metrics/registry.ts'
import type { EntryPart } from '../entry.ts'
import type { QuarantineStore, StoredEntry } from '../store.ts'
import { type Attempt, latestAttempt } from './attempt.ts'
import type { Decision } from './decision.ts'
import type { DeleteOutcome, ReleaseOutcome } from './outcome.ts'
import { wordsOf } from './outcome-words.ts'
import { type ReleaseDependencies, releaseEntry } from './release.ts'
import { removeEntry } from './remove.ts'
import { contentOf } from './stored-parts.ts'

/** An entry, and who was last at it; null where nobody was, or where the ledger does not tell. */
export interface ReviewedEntry extends StoredEntry {
  readonly attempt: Attempt | null
}

/** The content of one part. `close` must be called on every path. */
export interface PartContent {
  readonly part: EntryPart
  readonly chunks: () => AsyncIterable<Buffer>
  readonly close: () => Promise<void>
}

/** All that people do with the quarantine, for the commands and for the operations listener. */
export interface QuarantineReview {
  /** Oldest first; `unreadable` counts entries whose key is not known. */
  list(): Promise<{ readonly entries: readonly ReviewedEntry[]; readonly unreadable: number }>
  show(id: string): Promise<ReviewedEntry | null>
  content(id: string, part: number): Promise<PartContent | null>
  release(decision: Decision): Promise<ReleaseOutcome>
  remove(decision: Decision): Promise<DeleteOutcome>
  /** Breaks off releases under way, waits for their ends to be on record, and takes no more. The store stays open. */
  close(): Promise<void>
}

export interface ReviewOptions extends Pick<ReleaseDependencies, 'upstreams' | 'policies'> {
  readonly store: QuarantineStore
  readonly ledger: Ledger
  readonly metrics?: Pick<Metrics, 'quarantineEnded'>
  readonly log?: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Milliseconds that a release may take. */
  readonly longest?: number
}

/** Large files to slow backends; for so long nobody may go on with an entry whose process cannot be asked. */
const longestRelease = 30 * 60_000

export function createReview(options: ReviewOptions): QuarantineReview {
  const { store, ledger, longest = longestRelease } = options
  const stopping = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  const deps = { ...options, longest, stopping: stopping.signal }
  const track = <Result>(act: Promise<Result>): Promise<Result> => {
    const tracked = act.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
    return tracked
  }
  return {
    async list() {
      const { entries, unreadable } = await store.list()
      const reviewed: ReviewedEntry[] = []
      for (const stored of entries) reviewed.push({ ...stored, attempt: await attemptAt(stored, ledger) })
      return { entries: reviewed, unreadable }
    },
    show: (id) => show(store, ledger, id),
    content: (id, part) => contentOfPart(store, id, part),
    release: (decision) => track(releaseEntry(deps, decision).then((ended) => tell(options, decision, ended))),
    remove: (decision) => track(removeEntry(deps, decision).then((ended) => tell(options, decision, ended))),
    async close() {
      stopping.abort(new Error('the process is stopping'))
      await Promise.allSettled(underWay)
    },
  }
}

/** The ledger has it all; the log says that something happened, or went wrong. */
function tell<Ended extends ReleaseOutcome | DeleteOutcome>(
  { metrics, log }: ReviewOptions,
  { id, who }: Decision,
  ended: Ended,
): Ended {
  const { outcome } = ended
  if (outcome === 'released' || outcome === 'deleted') metrics?.quarantineEnded.of({ reason: outcome }).inc()
  const flaw = 'flaw' in ended ? ended.flaw : null
  const level = outcome === 'failed' || flaw !== null ? 'error' : outcome === 'uncertain' ? 'warn' : 'info'
  log?.[level]({ entry: id, who, outcome, words: wordsOf(ended) }, 'a decision on a request in the quarantine')
  return ended
}

/** Only of entries that somebody is at is the ledger asked: of most there is nothing in it. */
async function attemptAt({ state, entry }: StoredEntry, ledger: Ledger): Promise<Attempt | null> {
  return state === 'held' ? null : latestAttempt(await ledger.about(entry.id))
}

async function show(store: QuarantineStore, ledger: Ledger, id: string): Promise<ReviewedEntry | null> {
  const opened = await store.open(id)
  if (opened === null) return null
  const { entry, state, bytes } = opened
  await opened.close()
  return { entry, state, bytes, attempt: latestAttempt(await ledger.about(id)) }
}

async function contentOfPart(store: QuarantineStore, id: string, ordinal: number): Promise<PartContent | null> {
  const opened = await store.open(id)
  const part = opened?.entry.parts.find((candidate) => candidate.part === ordinal)
  if (opened === null || part === undefined) {
    await opened?.close()
    return null
  }
  const content = contentOf(opened, part)
  return { part, chunks: () => content.chunks(), close: () => opened.close() }
}
