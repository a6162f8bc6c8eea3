import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { openDirectoryStore } from '../../src/quarantine/directory/open-directory-store.ts'
import type { QuarantineStore } from '../../src/quarantine/store.ts'
import { entryIdAt, inChunks, refusedEntry } from '../support/refused-entry.ts'
import { smallFileSystem, smallFiles } from '../support/small-disk.ts'
import { keepIn, never, type StoreSettings, unbounded } from '../support/store-contract.ts'

const KiB = 1024

function open(directory: string, over: Partial<StoreSettings & { keepFree: number }> = {}): Promise<QuarantineStore> {
  return openDirectoryStore({ ...unbounded, directory, keepFree: 0, ...over })
}

/** Files of all folders, by their paths in the directory. */
function filesIn(directory: string): string[] {
  const all = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return all.filter((name) => !lstatSync(join(directory, name)).isDirectory()).sort()
}

const writer = join(import.meta.dirname, '../support/quarantine-writer.ts')

function startWriter(
  t: Test,
  directory: string,
  work: readonly string[],
  before: readonly string[] = [],
): ChildProcess {
  const [program = '', ...args] = [...before, 'env', '-u', 'NODE_OPTIONS', process.execPath, writer, directory, ...work]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function linesOf(
  child: ChildProcess,
): Promise<{ id: string; kept?: boolean; reason?: string; detail?: string }[]> {
  const lines = child.stdout ? (await text(child.stdout)).split('\n') : []
  // The last line is torn where the process was killed while it wrote.
  return lines.slice(0, -1).map((line) => JSON.parse(line))
}

t.test('kill -9 while it keeps entries: whole or absent, and what was confirmed is there', async (t) => {
  const directory = t.testdir({})
  const confirmed = new Set<string>()
  let leftovers = 0
  for (let round = 0; round < 10; round++) {
    const child = startWriter(t, directory, ['loop', '700'])
    const lines = linesOf(child)
    if (child.stdout) await once(child.stdout, 'data')
    await wait(Math.random() * 40)
    child.kill('SIGKILL')
    for (const { id } of await lines) confirmed.add(id)
    leftovers += readdirSync(join(directory, 'incoming')).length
    const store = await open(directory)
    t.same(readdirSync(join(directory, 'incoming')), [], 'leftovers vanish')
    const { entries, unreadable } = await store.list()
    t.same(unreadable, [])
    const listed = new Set(entries.map(({ entry }) => entry.id))
    t.same(
      [...confirmed].filter((id) => !listed.has(id)),
      [],
    )
    const opened = await store.open(entries.at(-1)?.entry.id ?? '')
    t.equal((await opened?.content.read(0, 800 * KiB))?.length, 700 * KiB + 4, 'the last one to its end')
    await opened?.close()
    await store.close()
  }
  t.ok(leftovers > 0, `${leftovers} were cut off`)
})

t.test('two processes claim the same entries: each has one owner', async (t) => {
  const directory = t.testdir({})
  const store = await open(directory)
  const ids = []
  for (let index = 0; index < 60; index++) ids.push((await keepIn(store, randomBytes(10))).entry.id)
  const claimed = await Promise.all([0, 1].map(async () => linesOf(startWriter(t, directory, ['claim']))))
  t.same(
    claimed
      .flat()
      .map(({ id }) => id)
      .sort(),
    ids.sort(),
  )
  await store.close()
})

t.test('a disk that is full: what does not fit is not kept, nothing is left of it, smaller ones go on', async (t) => {
  const directory = t.testdir({})
  const disk = smallFileSystem(directory)
  if (!disk) t.comment('SKIP: mounting a small file system is not permitted here')
  const full = { kept: false, reason: 'full' }
  const small = { id: 'small', kept: true }
  if (disk) {
    const lines = await linesOf(startWriter(t, directory, ['fill', '700'], disk.before(directory)))
    // Two at a time: what is promised to one is not there for the other, although nothing of it is written yet.
    t.match(lines[0], { ...full, detail: /too little free space/ })
    t.equal(lines.filter(({ kept, id }) => kept && id !== 'small').length, 1, 'one fits into 1 MiB')
    t.match(lines.at(-1), small, 'the room of the others is free again')
  }
  const lines = await linesOf(startWriter(t, directory, ['fill', '1500'], smallFiles.before(directory)))
  t.match(lines, [full, full, small], smallFiles.name)
  t.equal(filesIn(directory).length, 1, 'nothing of the others is left')
})

t.test('keepFree stays free', async (t) => {
  const directory = t.testdir({})
  const measure = await open(directory, { keepFree: Number.MAX_SAFE_INTEGER })
  const { kept } = await keepIn(measure, randomBytes(10))
  t.match(kept, { kept: false, reason: 'full', detail: /too little free space/ })
  t.same(filesIn(directory), [])
  await measure.close()
})

t.test('folders and files are private, and no file runs', async (t) => {
  const directory = t.testdir({ held: {} })
  chmodSync(join(directory, 'held'), 0o777)
  const store = await open(directory)
  await keepIn(store, randomBytes(10))
  const mode = (name: string): string => (lstatSync(join(directory, name)).mode & 0o777).toString(8)
  t.same(['incoming', 'held', 'releasing'].map(mode), ['700', '700', '700'])
  t.same(filesIn(directory).map(mode), ['600'])
  const content = readFileSync(join(directory, filesIn(directory)[0] ?? ''))
  for (const word of ['C-17', 'claim', 'tests@example.com']) t.notOk(content.includes(word), 'nothing is readable')
  await store.close()
  chmodSync(directory, 0o777)
  await t.rejects(open(directory), { message: /every user may write/ })
  const linked = t.testdir({ elsewhere: {} })
  symlinkSync(join(linked, 'elsewhere'), join(linked, 'held'))
  await t.rejects(open(linked), { message: /is no directory|EEXIST/ })
  writeFileSync(join(linked, 'file'), '')
  await t.rejects(open(join(linked, 'file')), 'where nothing can be made')
})

t.test('what others put there is neither followed nor touched', async (t) => {
  const directory = t.testdir({ precious: 'precious' })
  const store = await open(directory, { keep: 0, now: () => Date.now() + 1e9 })
  const [link, folder] = [entryIdAt(1), entryIdAt(2)]
  symlinkSync(join(directory, 'precious'), join(directory, 'held', link))
  mkdirSync(join(directory, 'held', folder))
  writeFileSync(join(directory, 'held', 'README'), '')
  for (const name of ['notes', `${entryIdAt(3)}.1-2`, `x.1-2-3`]) writeFileSync(join(directory, 'incoming', name), '')
  symlinkSync(join(directory, 'precious'), join(directory, 'incoming', `${entryIdAt(3)}.0-1-1`))
  const before = filesIn(directory)
  t.same(await store.list(), { entries: [], unreadable: [], more: false })
  for (const id of [link, folder]) {
    t.equal(await store.open(id), null)
    t.equal(await store.claim(id), 'absent')
    t.equal(await store.remove(id), false)
  }
  t.same(await store.sweep(), [])
  await (await open(directory)).close()
  t.same(filesIn(directory), before)
  t.equal(readFileSync(join(directory, 'precious'), 'utf8'), 'precious')
  // Another machine's or container's writer: known to be gone after an hour of silence only.
  const foreign = join(directory, 'incoming', `${entryIdAt(4)}.1-2-3`)
  writeFileSync(foreign, '')
  await store.sweep()
  t.ok(existsSync(foreign))
  utimesSync(foreign, 1, 1)
  await store.sweep()
  t.notOk(existsSync(foreign))
  await store.close()
})

t.test('any bit that flips, any byte that is missing or added, any exchange is noticed', async (t) => {
  const directory = t.testdir({})
  const store = await open(directory)
  const { entry, bytes } = await keepIn(store, randomBytes(200 * KiB))
  const path = join(directory, 'held', entry.id)
  const sealed = readFileSync(path)
  const readAll = async (): Promise<string> => {
    try {
      const opened = await store.open(entry.id)
      if (!opened) return 'absent'
      try {
        return (await opened.content.read(0, bytes.length)).equals(bytes) ? 'read' : 'wrong'
      } finally {
        await opened.close()
      }
    } catch (error) {
      return (error as Error).message
    }
  }
  t.equal(await readAll(), 'read')
  const noticed = /^the entry is damaged$|^the entry was encrypted with a secret that is not configured$/
  const bit = fc.oneof(
    fc.nat({ max: 60 * 8 - 1 }),
    fc.nat({ max: 3000 * 8 }),
    fc.nat({ max: sealed.length * 8 - 1 }),
    fc.nat({ max: 128 }).map((back) => sealed.length * 8 - 1 - back),
  )
  await fc.assert(
    fc.asyncProperty(bit, async (at) => {
      const flipped = Buffer.from(sealed)
      flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7))
      writeFileSync(path, flipped)
      const told = await readAll()
      if (!noticed.test(told)) throw new Error(told)
    }),
    { numRuns: 150 },
  )
  for (const length of [0, 1, 59, 60, 61, 1000, 65_000, 66_000, sealed.length - 16, sealed.length - 1]) {
    writeFileSync(path, sealed)
    truncateSync(path, length)
    t.match(await readAll(), noticed, `cut at ${length}`)
  }
  const unreadable = [{ id: entry.id, state: 'held', bytes: sealed.length - 1, reason: 'the entry is damaged' }]
  t.same(await store.list(), { entries: [], unreadable, more: false })
  const segment = 64 * KiB + 16
  const start = sealed.length - (bytes.length % (64 * KiB)) - 16 - 3 * segment
  const [head, one, two, rest] = [
    sealed.subarray(0, start),
    sealed.subarray(start, start + segment),
    sealed.subarray(start + segment, start + 2 * segment),
    sealed.subarray(start + 2 * segment),
  ] as [Buffer, Buffer, Buffer, Buffer]
  const other = await keepIn(store, randomBytes(200 * KiB))
  const foreign = readFileSync(join(directory, 'held', other.entry.id))
  const spliced: [string, Buffer][] = [
    ['longer', Buffer.concat([sealed, Buffer.alloc(16)])],
    ['exchanged segments', Buffer.concat([head, two, one, rest])],
    ['a segment twice', Buffer.concat([head, one, one, rest])],
    ['without one', Buffer.concat([head, one, rest])],
    ["another entry's segment", Buffer.concat([head, foreign.subarray(start, start + segment), two, rest])],
    ['another entry under this name', foreign],
  ]
  t.ok(Buffer.concat([head, one, two, rest]).equals(sealed))
  for (const [title, bytes] of spliced) {
    writeFileSync(path, bytes)
    t.match(await readAll(), noticed, title)
  }
  writeFileSync(path, sealed)
  t.equal(await readAll(), 'read')
  await store.close()
})

t.test('a writer that lives keeps its file, and an abort leaves none', async (t) => {
  const directory = t.testdir({})
  const store = await open(directory)
  const { entry, bytes } = refusedEntry(randomBytes(3 * KiB * KiB))
  const gone = new AbortController()
  const hanging = async function* () {
    yield* inChunks(bytes.subarray(0, -1))
    await new Promise(() => {})
  }
  const keeping = store.keep(entry, hanging, gone.signal)
  while (filesIn(directory).length === 0) await wait(5)
  await (await open(directory)).sweep()
  t.equal(readdirSync(join(directory, 'incoming')).length, 1)
  gone.abort(new Error('left'))
  await t.rejects(keeping, { message: 'left' })
  t.same(filesIn(directory), [])
  t.match(await store.keep(entry, () => inChunks(bytes), never), { kept: true })
  await store.close()
})
