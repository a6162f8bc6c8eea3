import { randomBytes } from 'node:crypto'
import { openDirectoryStore } from '../../src/quarantine/directory/open-directory-store.ts'
import type { QuarantineStore } from '../../src/quarantine/store.ts'
import { inChunks, refusedEntry } from './refused-entry.ts'
import { keepIn, never, unbounded } from './store-contract.ts'

/**
 * A process that keeps entries of so many KiB in a directory and prints each id with what came of it, until it is killed
 * (`loop`) or until two are not kept (`fill`), or that takes and prints what it can claim (`claim`).
 */
const [directory = '', work = '', size = '0'] = process.argv.slice(2)
const store = await openDirectoryStore({ ...unbounded, directory, keepFree: 0 })
const KiB = 1024
if (work === 'claim') await claimAll(store)
else await keepOn(store, work === 'fill')
await store.close()

async function keepOn(store: QuarantineStore, untilRefused: boolean): Promise<void> {
  // Two at a time, so that a kill finds them in different states.
  const keepOne = async (): Promise<void> => {
    for (;;) {
      const { entry, bytes } = refusedEntry(randomBytes(Number(size) * KiB))
      const kept = await store.keep(entry, () => inChunks(bytes), never)
      process.stdout.write(`${JSON.stringify({ id: entry.id, ...kept })}\n`)
      if (untilRefused && !kept.kept) return
    }
  }
  await Promise.all([keepOne(), keepOne()])
  if (!untilRefused) return
  const { kept } = await keepIn(store, randomBytes(100))
  process.stdout.write(`${JSON.stringify({ id: 'small', ...kept })}\n`)
}

async function claimAll(store: QuarantineStore): Promise<void> {
  for (const { entry } of (await store.list()).entries) {
    if ((await store.claim(entry.id)) === 'claimed') process.stdout.write(`${JSON.stringify({ id: entry.id })}\n`)
  }
}
