import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LedgerRecord } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/open-ledger.ts'
import { openDirectoryStore } from '../../src/quarantine/directory/open-directory-store.ts'
import { createReview, type QuarantineReview } from '../../src/quarantine/review/review.ts'
import type { QuarantineStore } from '../../src/quarantine/store.ts'
import { openUpstream } from '../../src/upstream/upstream.ts'
import { givenParts, type ReviewBackend, startReviewBackend } from './review.ts'

export type Test = { teardown(end: () => unknown): unknown }

export const encrypt = 'a secret of thirty-two characters'
export const ada = { who: 'ada', why: 'a false positive', again: false, via: 'operations' } as const
export const bob = { ...ada, who: 'bob' }

export function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-review-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function backendOf(t: Test, port = 0): Promise<ReviewBackend> {
  const backend = await startReviewBackend(port)
  t.teardown(backend.close)
  return backend
}

export function directoryStore(folder: string): Promise<QuarantineStore> {
  const directory = join(folder, 'quarantine')
  return openDirectoryStore({ directory, encrypt, keep: 86_400_000, size: 2 ** 30, keepFree: 0 })
}

export interface Bench {
  readonly folder: string
  readonly store: QuarantineStore
  readonly review: QuarantineReview
  readonly ledger: () => LedgerRecord[]
}

export async function reviewOf(
  t: Test,
  url: string,
  over: { store?: QuarantineStore; folder?: string } = {},
): Promise<Bench> {
  const folder = over.folder ?? folderOf(t)
  const file = join(folder, 'ledger.jsonl')
  const store = over.store ?? (await directoryStore(folder))
  const upstream = openUpstream({ name: 'backend', urls: [url], connect: 500, response: 5000, retryFor: 0 })
  const upstreams = new Map([['backend', upstream]])
  const review = createReview({
    store,
    ledger: await openLedger({ file }),
    destinations: () => ({ upstreams, policies: new Map() }),
  })
  t.teardown(async () => {
    await review.close()
    await upstream.destroy()
  })
  return { folder, store, review, ledger: () => readLines(file) }
}

export function readLines(file: string): LedgerRecord[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerRecord)
}

/** As busboy reads what was given. */
export const asRead = givenParts.map(({ name, file, type, content }) =>
  file === undefined
    ? { name, content, type: type ?? 'text/plain' }
    : { name, file, type: type ?? 'application/octet-stream', content },
)
