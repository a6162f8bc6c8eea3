import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { QuarantineStore } from '../../src/quarantine/store.ts'
import { entryIdAt, inChunks, refusedEntry } from './refused-entry.ts'

export const secret = 'the first secret of the quarantine, long'
export const otherSecret = 'the second secret of the quarantine, long'

export interface StoreSettings {
  readonly encrypt: string
  readonly previousKeys: readonly string[]
  readonly keep: number
  readonly size: number
  readonly now: () => number
}

/** Opens a store over the same place each time; what is not given has no bound. */
export type OpenStore = (over?: Partial<StoreSettings>) => Promise<QuarantineStore>

export const unbounded: StoreSettings = {
  encrypt: secret,
  previousKeys: [],
  keep: Number.POSITIVE_INFINITY,
  size: Number.POSITIVE_INFINITY,
  now: Date.now,
}

export const never = new AbortController().signal

const KiB = 1024
const day = 24 * 60 * 60 * 1000

export async function keepIn(store: QuarantineStore, content: Buffer, time = Date.now()) {
  const made = refusedEntry(content, { time })
  return { ...made, kept: await store.keep(made.entry, () => inChunks(made.bytes), never) }
}

/** Side by side where the caller sets `jobs`. */
const buffered = { buffered: true }

/** What every store promises; `place` makes a new, empty one. */
export function storeContract(t: Test, place: () => OpenStore): void {
  t.test(
    'what is kept can be listed, opened and read in any piece, by this and by later processes',
    buffered,
    async (t) => {
      const open = place()
      const store = await open()
      // Around the borders of segments, and of what is read at a time.
      const sizes = [0, 1, 64 * KiB - 5, 64 * KiB - 4, 64 * KiB - 3, 300 * KiB, 6 * KiB * KiB]
      const kept = []
      for (const [index, size] of sizes.entries()) kept.push(await keepIn(store, randomBytes(size), 1e12 + index))
      t.same(
        kept.map((one) => one.kept),
        sizes.map(() => ({ kept: true })),
      )
      for (const reader of [store, await open()]) {
        const { entries, unreadable } = await reader.list()
        t.same(
          entries.map(({ entry, state }) => [entry, state]),
          kept.map(({ entry }) => [
            Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'facts')),
            'held',
          ]),
          'oldest first',
        )
        t.same(unreadable, [])
        const [, , before = '', ...newer] = kept.map(({ entry }) => entry.id)
        t.match(await reader.list({ before: null, most: newer.length }), {
          entries: newer.map((id) => ({ entry: { id } })),
          more: true,
        })
        t.match((await reader.list({ before, most: 2 })).entries.length, 2)
        t.match(await reader.list({ before, most: 9 }), { entries: { length: 2 }, more: false })
        const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
        t.same(reader.usage, { entries: sizes.length, bytes })
        for (const { entry, bytes } of kept) await readBack(t, reader, entry.id, bytes)
        await reader.close()
      }
    },
  )

  t.test('an entry is claimed by one of many, given back, released, removed once', buffered, async (t) => {
    const open = place()
    const stores = [await open(), await open()]
    const [store, other] = stores as [QuarantineStore, QuarantineStore]
    const { entry } = await keepIn(store, randomBytes(100))
    const claim = async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => (index % 2 ? store : other).claim(entry.id)),
      )
      return answers.toSorted((a, b) => a.localeCompare(b))
    }
    const once = ['claimed', ...Array.from({ length: 19 }, () => 'releasing')]
    t.same(await claim(), once)
    t.equal((await store.list()).entries[0]?.state, 'releasing')
    const opened = await other.open(entry.id)
    t.equal(opened?.state, 'releasing')
    await opened?.close()
    await store.unclaim(entry.id)
    t.equal((await other.list()).entries[0]?.state, 'held')
    t.same(await claim(), once, 'and again')
    t.same((await Promise.all([store.remove(entry.id), store.remove(entry.id)])).includes(true), true)
    t.equal(await other.remove(entry.id), false)
    t.equal(await other.claim(entry.id), 'absent')
    t.equal(await store.open(entry.id), null)
    t.same((await other.list()).entries, [])
    const { entry: held } = await keepIn(store, randomBytes(100))
    t.equal(await other.remove(held.id), true, 'without a claim')
    t.same((await store.list()).entries, [])
    for (const one of stores) await one.close()
  })

  t.test('what is no id names nothing', buffered, async (t) => {
    const store = await place()()
    const absent = entryIdAt(Date.now())
    for (const id of [absent, '', '..', '../held', `${absent}/`, absent.toUpperCase(), `${absent}\0`, 'constructor']) {
      t.equal(await store.open(id), null)
      t.equal(await store.claim(id), 'absent')
      t.equal(await store.remove(id), false)
    }
    for (const id of ['../escaped', '0c9b4c3e-7b1a-4f60-9d3e-000000000000']) {
      const { entry, bytes } = refusedEntry(Buffer.alloc(9), { id })
      t.match(await store.keep(entry, () => inChunks(bytes), never), { kept: false, reason: 'failed' })
    }
    await store.close()
  })

  t.test('many at once stay within the size; a sweep goes by age alone, and never by claims', buffered, async (t) => {
    const open = place()
    let now = Date.now()
    const size = 300 * KiB
    const store = await open({ size, keep: 10 * day, now: () => now })
    const kept = await Promise.all(
      Array.from({ length: 12 }, (_, index) => keepIn(store, randomBytes(50 * KiB), now + index)),
    )
    const held = kept.filter((one) => one.kept.kept).map((one) => one.entry.id)
    t.equal(held.length, 5)
    t.ok(store.usage.bytes <= size)
    t.match(kept.find((one) => !one.kept.kept)?.kept, { kept: false, reason: 'full', detail: /do not fit/ })
    t.match((await keepIn(store, randomBytes(size))).kept, { reason: 'full' }, 'larger than all')
    t.same(await store.sweep(), [], 'nothing is old yet')
    const [first = '', ...others] = held.sort()
    t.equal(await store.claim(first), 'claimed')
    const smaller = await open({ size: 200 * KiB, keep: 10 * day, now: () => now })
    t.same(await smaller.sweep(), [], 'a size that is lowered destroys nothing')
    t.match((await keepIn(smaller, randomBytes(10), now)).kept, { kept: false, reason: 'full' })
    t.equal((await smaller.list()).entries.length, 5)
    now += 11 * day
    const fresh = await Promise.all([1, 2, 3].map((index) => keepIn(store, randomBytes(50 * KiB), now + index)))
    t.ok(
      fresh.every((one) => one.kept.kept),
      'expired ones make room',
    )
    t.same(
      (await store.sweep()).map((entry) => entry.id),
      others,
      'and are told of by the next sweep',
    )
    t.same(
      (await smaller.list()).entries.map(({ entry }) => entry.id),
      [first, ...fresh.map((one) => one.entry.id)],
    )
    for (const one of [store, smaller]) await one.close()
  })

  t.test('keys: another one reads nothing, a previous one reads and does not write', buffered, async (t) => {
    const open = place()
    const before = await open()
    const { entry, bytes } = await keepIn(before, randomBytes(1000))
    const rotated = await open({ encrypt: otherSecret, previousKeys: [secret] })
    await readBack(t, rotated, entry.id, bytes)
    const { entry: newer } = await keepIn(rotated, randomBytes(1000))
    t.equal((await rotated.list()).entries.length, 2)
    const reason = 'the entry was encrypted with a secret that is not configured'
    t.match(await before.list(), { entries: [{ entry: { id: entry.id } }], unreadable: [{ id: newer.id, reason }] })
    t.same(
      (await before.examine(never)).map(({ id }) => id),
      [newer.id],
    )
    t.same(await rotated.examine(never), [])
    await t.rejects(before.open(newer.id), { message: /secret that is not configured/ })
    await t.rejects(open({ encrypt: 'x'.repeat(31) }), { message: /at least 32 characters/ })
    await t.rejects(open({ previousKeys: [''] }), { message: /at least 32 characters/ })
    const stranger = await open({ encrypt: 'y'.repeat(32), keep: day, now: () => Date.now() + 2 * day })
    const all = [entry.id, newer.id]
    t.match(await stranger.list(), { entries: [], unreadable: all.map((id) => ({ id, state: 'held', reason })) })
    t.match(await stranger.list({ before: newer.id, most: 1 }), { unreadable: { length: 1 }, more: false })
    t.match(await stranger.list({ before: null, most: 1 }), { unreadable: [{ id: newer.id }], more: true })
    const stopped = AbortSignal.abort()
    t.same(await stranger.examine(stopped), [], 'none is looked at')
    t.same((await stranger.examine(never)).map(({ id }) => id).sort(), all)
    t.same(await stranger.sweep(), [], 'what cannot be read expires as well')
    t.same(await before.list(), { entries: [], unreadable: [], more: false })
    for (const one of [before, rotated, stranger]) await one.close()
  })

  t.test('a keep that ends early leaves nothing: aborted, hanging, failing, of another length', buffered, async (t) => {
    const open = place()
    const store = await open()
    const size = 12 * KiB * KiB
    const { entry, bytes } = refusedEntry(randomBytes(size))
    const gone = new AbortController()
    gone.abort(new Error('gone'))
    await t.rejects(
      store.keep(entry, () => inChunks(bytes), gone.signal),
      { message: 'gone' },
    )
    const leaving = new AbortController()
    const hanging = async function* () {
      yield bytes.subarray(0, size - 1000)
      setTimeout(() => leaving.abort(new Error('left')), 20)
      await new Promise(() => {})
    }
    await t.rejects(store.keep(entry, hanging, leaving.signal), { message: 'left' })
    const failing = async function* () {
      yield bytes.subarray(0, size - 1000)
      throw new Error('the spool\u001b[2J is gone')
    }
    const failed = { kept: false, reason: 'failed' }
    t.same(await store.keep(entry, failing, never), { ...failed, detail: 'the spool\uFFFD[2J is gone' })
    for (const length of [size, size + 3, size + 5]) {
      const wrong = Buffer.alloc(length)
      t.match(await store.keep(entry, () => inChunks(wrong), never), { ...failed, detail: /than the parts say/ })
    }
    const facts = { ...entry.facts, fields: Array.from({ length: 9000 }, () => ({ name: 'x'.repeat(1000) })) }
    const large = { ...entry, facts: facts as unknown as typeof entry.facts }
    t.match(await store.keep(large, () => inChunks(bytes), never), { ...failed, detail: /more than 8 MiB/ })
    t.same(await store.list(), { entries: [], unreadable: [], more: false })
    t.same(store.usage, { entries: 0, bytes: 0 })
    await store.close()
  })
}

async function readBack(t: Test, store: QuarantineStore, id: string, bytes: Buffer): Promise<void> {
  const opened = await store.open(id)
  if (!opened) throw new Error('it cannot be opened')
  const { content } = opened
  t.equal(content.size, bytes.length)
  t.equal(content.views(), null)
  const chunks = []
  for await (const chunk of content.chunks()) chunks.push(chunk)
  t.ok(Buffer.concat(chunks).equals(bytes), 'all')
  for (const [start, end] of [
    [0, 4],
    [4, bytes.length],
    [64 * KiB - 1, 64 * KiB + 1],
    [Math.max(0, bytes.length - 70 * KiB), bytes.length + 9],
    [bytes.length + 1, bytes.length + 9],
  ] as const) {
    t.ok((await content.read(start, end)).equals(bytes.subarray(start, end)), `from ${start} to ${end}`)
    const slice = content.slice(start, end)
    t.equal(slice.size, Math.max(0, Math.min(end, bytes.length) - start))
    const pieces = []
    for await (const piece of slice.slice(1, slice.size).chunks()) pieces.push(piece)
    t.ok(Buffer.concat(pieces).equals(bytes.subarray(start + 1, Math.max(start + 1, end))), 'a slice of a slice')
  }
  await opened.close()
  await t.rejects(content.read(0, 1), 'closed')
}
