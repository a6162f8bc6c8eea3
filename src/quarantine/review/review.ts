import type { Logger } from 'pino'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Metrics } from '../../metrics/registry.ts'
import type { EntryPart } from '../entry.ts'
import type { Listed, ListedEntry, Page, QuarantineStore, StoredEntry } from '../store.ts'
import { type Attempt, latestAttempt } from './attempt.ts'
import type { Action, Decision } from './decision.ts'
import { type DeleteOutcome, endsUnclear, type ReleaseOutcome } from './outcome.ts'
import { wordsOf } from './outcome-words.ts'
import { type ReleaseDependencies, releaseEntry } from './release.ts'
import { removeEntry } from './remove.ts'
import { type ReviewState, reviewState } from './state.ts'
import { contentOf } from './stored-parts.ts'

/** With who was last at the entry; null where nobody was, or where the ledger does not tell. */
type Reviewed<Stored> = Omit<Stored, 'state'> & { readonly state: ReviewState; readonly attempt: Attempt | null }
export type ReviewedEntry = Reviewed<StoredEntry>
export type ReviewedRow = Reviewed<ListedEntry>

/** The content of one part. `close` must be called on every path. */
export interface PartContent {
  readonly part: EntryPart
  readonly chunks: () => AsyncIterable<Buffer>
  readonly close: () => Promise<void>
}

/** All that people do with the quarantine, for the commands and for the operations listener. */
export interface QuarantineReview {
  /** All of them where no page is asked for. */
  list(page?: Page): Promise<Listed<ReviewedRow>>
  show(id: string): Promise<ReviewedEntry | null>
  content(id: string, part: number): Promise<PartContent | 'absent' | 'noPart'>
  release(decision: Decision): Promise<ReleaseOutcome>
  remove(decision: Decision): Promise<DeleteOutcome>
  /** Breaks off releases under way, waits for their ends to be on record, and takes no more. The store stays open. */
  close(): Promise<void>
}

/** Where releases go, and by which policies. */
export type Destinations = Pick<ReleaseDependencies, 'upstreams' | 'policies'>

export interface ReviewOptions {
  /** What is in force for one release, and is kept open until that has ended. */
  readonly destinations: (ended: Promise<void>) => Destinations
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
  const telling =
    (action: Action, decision: Decision) =>
    <Ended extends ReleaseOutcome | DeleteOutcome>(ended: Ended): Ended => {
      tell(options, action, decision, ended)
      return ended
    }
  const release = async (decision: Decision): Promise<ReleaseOutcome> => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    try {
      return await releaseEntry({ ...deps, ...options.destinations(ended) }, decision)
    } finally {
      end()
    }
  }
  return {
    async list(page) {
      const listed = await store.list(page)
      const entries: ReviewedRow[] = []
      for (const stored of listed.entries) entries.push(await reviewed(stored, ledger))
      return { ...listed, entries }
    },
    show: (id) => show(store, ledger, id),
    content: (id, part) => contentOfPart(store, id, part),
    release: (decision) => track(release(decision).then(telling('quarantine.release', decision))),
    remove: (decision) => track(removeEntry(deps, decision).then(telling('quarantine.delete', decision))),
    async close() {
      stopping.abort(new Error('the process is stopping'))
      await Promise.allSettled(underWay)
    },
  }
}

/** The ledger has it all; the log says that something happened, or went wrong. */
function tell(
  { metrics, log }: ReviewOptions,
  action: Action,
  { id, who }: Decision,
  ended: ReleaseOutcome | DeleteOutcome,
): void {
  const { outcome } = ended
  if (outcome === 'released' || outcome === 'deleted') metrics?.quarantineEnded.of({ reason: outcome }).inc()
  const flaw = 'flaw' in ended ? ended.flaw : null
  const level = outcome === 'failed' || flaw !== null ? 'error' : endsUnclear(ended) ? 'warn' : 'info'
  log?.[level]({ entry: id, who, action, outcome, words: wordsOf(ended, action) }, 'a decision on an entry')
}

/** Only of entries that somebody is at is the ledger asked: of most there is nothing in it. */
async function reviewed(stored: ListedEntry, ledger: Ledger): Promise<ReviewedRow> {
  const attempt = stored.state === 'held' ? null : latestAttempt(await ledger.about(stored.entry.id))
  return { ...stored, state: reviewState(stored.state, attempt, Date.now()), attempt }
}

async function show(store: QuarantineStore, ledger: Ledger, id: string): Promise<ReviewedEntry | null> {
  const opened = await store.open(id)
  if (opened === null) return null
  const { entry, state, bytes } = opened
  await opened.close()
  const attempt = latestAttempt(await ledger.about(id))
  return { entry, state: reviewState(state, attempt, Date.now()), bytes, attempt }
}

async function contentOfPart(
  store: QuarantineStore,
  id: string,
  ordinal: number,
): Promise<PartContent | 'absent' | 'noPart'> {
  const opened = await store.open(id)
  if (opened === null) return 'absent'
  const part = opened.entry.parts.find((candidate) => candidate.part === ordinal)
  if (part === undefined) {
    await opened.close()
    return 'noPart'
  }
  const content = contentOf(opened, part)
  return { part, chunks: () => content.chunks(), close: () => opened.close() }
}
