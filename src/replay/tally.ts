import type { Change } from '../policy/compare.ts'
import type { RecordedRequest, RecordedUpload } from './recorded.ts'
import type { Replayed } from './replay-upload.ts'

/** One upload that a configuration would treat otherwise. */
export interface Example {
  readonly requestId: string
  readonly time: string
  readonly route: string | null
  /** Names of its files, as recorded: a client chose them. */
  readonly files: readonly string[]
  /** Rules that make the difference, or why it cannot be told. */
  readonly why: readonly string[]
}

type Counts = Record<Change, number>

/** What became of all lines. Its size does not grow with them: rules, routes and reasons are closed sets. */
export interface Tally {
  readonly lines: { total: number; foreign: number; tooLong: number; other: number; unjudged: number; cut: number }
  readonly uploads: Counts
  /** Uploads that would travel without anybody looking into them. */
  uninspected: number
  /** By what makes the difference: an added rule where it is stricter, a dropped one where it is laxer. */
  readonly rules: Map<string, Counts>
  readonly routes: Map<string, Counts>
  readonly unknown: Map<string, number>
  readonly examples: Record<Exclude<Change, 'same'>, Example[]>
}

const mostNames = 10
/** Recorded routes are somebody's text. */
const mostRoutes = 10_000

export function emptyTally(): Tally {
  return {
    lines: { total: 0, foreign: 0, tooLong: 0, other: 0, unjudged: 0, cut: 0 },
    uploads: noCounts(),
    uninspected: 0,
    rules: new Map(),
    routes: new Map(),
    unknown: new Map(),
    examples: { stricter: [], laxer: [], otherwise: [], undecidable: [] },
  }
}

/** Adds one upload. `examples`: how many of each kind are kept. */
export function count(
  tally: Tally,
  request: RecordedRequest & Partial<Pick<RecordedUpload, 'facts'>>,
  replayed: Replayed,
  examples: number,
): void {
  const { change, unknown } = replayed
  tally.uploads[change] += 1
  if (replayed.uninspected) tally.uninspected += 1
  const route = replayed.route ?? request.route ?? 'none'
  if (tally.routes.has(route) || tally.routes.size < mostRoutes) countsAt(tally.routes, route)[change] += 1
  for (const reason of unknown) tally.unknown.set(reason, (tally.unknown.get(reason) ?? 0) + 1)
  if (change === 'same') return
  const rules = rulesOf(replayed)
  for (const rule of rules) countsAt(tally.rules, rule)[change] += 1
  const kept = tally.examples[change]
  if (kept.length >= examples) return
  const { requestId, time } = request
  const files = (request.facts?.files ?? []).map(({ name }) => name).filter((name) => name !== '')
  kept.push({ requestId, time, route, files: files.slice(0, mostNames), why: [...rules, ...unknown] })
}

function rulesOf({ change, added, dropped }: Replayed): readonly string[] {
  if (change === 'stricter') return added.length > 0 ? added : dropped
  return change === 'laxer' ? dropped : [...added, ...dropped]
}

function countsAt(counts: Map<string, Counts>, key: string): Counts {
  const known = counts.get(key)
  if (known !== undefined) return known
  const fresh = noCounts()
  counts.set(key, fresh)
  return fresh
}

function noCounts(): Counts {
  return { same: 0, stricter: 0, laxer: 0, otherwise: 0, undecidable: 0 }
}
