import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, statfsSync } from 'node:fs'
import t from 'tap'
import { Hold } from '../../src/path/7-hold/hold.ts'
import { Holding } from '../../src/path/7-hold/holding.ts'
import { Turns } from '../../src/turns.ts'

const turns = new Turns(1000)

const KiB = 1024
const MiB = 1024 * KiB

function open(directory: string, memory: number, size = 64 * MiB): Hold {
  return new Hold({ memory, spool: { directory, size, keepFree: 0 } }, turns)
}

async function admit(hold: Hold, announced: number | null): Promise<Holding> {
  const holding = await hold.admit(announced)
  if (!(holding instanceof Holding)) throw new Error(holding.failed)
  return holding
}

async function fill(holding: Holding, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    holding.append(Buffer.from(piece))
    await holding.settled(0)
  }
}

async function digest(holding: Holding, start: number, end: number): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of holding.content(start, end).chunks()) hash.update(piece)
  return hash.digest('hex')
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const pieces = Array.from({ length: 48 }, (_, index) => randomBytes(index % 3 === 0 ? 64 * KiB : 1000 + index))
const whole = Buffer.concat(pieces)

const places: { title: string; memory: number; announced: number | null; place: 'memory' | 'spool' }[] = [
  { title: 'announced, fits memory', memory: 8 * MiB, announced: whole.length, place: 'memory' },
  { title: 'announced, larger than memory', memory: 100 * KiB, announced: whole.length, place: 'spool' },
  { title: 'chunked, fits memory', memory: 8 * MiB, announced: null, place: 'memory' },
  { title: 'chunked, outgrows memory on the way', memory: 200 * KiB, announced: null, place: 'spool' },
]

for (const { title, memory, announced, place } of places) {
  t.test(`${title}: held in ${place}, read back whole and in ranges, given back`, async (t) => {
    const directory = t.testdir()
    const hold = open(directory, memory)
    const holding = await admit(hold, announced)
    await fill(holding, pieces)
    t.equal(await holding.flush(), null)
    t.equal(holding.place, place)
    t.equal(await digest(holding, 0, whole.length), sha256(whole))
    for (const [start, end] of [
      [0, 1],
      [65_535, 65_537],
      [70_000, 200_000],
      [whole.length - 5, whole.length],
    ] as const) {
      t.equal(await digest(holding, start, end), sha256(whole.subarray(start, end)), `${start} to ${end}`)
      t.same(await holding.content(start, end).read(1, 4), whole.subarray(start + 1, Math.min(start + 4, end)))
    }
    t.same(readdirSync(directory), [], 'the spool file has no name')
    await holding.release()
    await holding.release()
    t.equal(hold.memory.used, 0)
    t.equal(hold.spool.used, 0)
  })
}

t.test('what neither memory nor spool can take is refused before a byte is read', async (t) => {
  const hold = open(t.testdir(), 1 * MiB, 2 * MiB)
  const first = await admit(hold, 2 * MiB)
  const second = await hold.admit(2 * MiB)
  t.match(second, { id: 'admission.spool' })
  t.ok((await hold.admit(500 * KiB)) instanceof Holding, 'what fits memory is still admitted')
  await first.release()
  t.ok((await hold.admit(2 * MiB)) instanceof Holding, 'room that was given back is given out again')
})

t.test('a chunked body that outgrows everything fails as a value', async (t) => {
  const hold = open(t.testdir(), 100 * KiB, 4 * MiB)
  const holding = await admit(hold, null)
  for (let turn = 0; turn < 200 && !holding.failure; turn++) {
    holding.append(randomBytes(64 * KiB))
    await holding.settled(0)
  }
  t.match(await holding.flush(), { id: 'admission.spool' })
  await holding.release()
  t.equal(hold.memory.used, 0)
  t.equal(hold.spool.used, 0)
})

t.test('a disk with too little free space, and a directory that is gone, are told apart', async (t) => {
  const directory = t.testdir()
  const full = new Hold({ memory: 1, spool: { directory, size: 1e15, keepFree: 1e18 } }, turns)
  t.match(await full.admit(10), { id: 'hold.disk.full' })
  t.equal(full.spool.used, 0)
  const { bavail, bsize } = statfsSync(directory)
  const GiB = 1024 * MiB
  const scarce = new Hold({ memory: 1, spool: { directory, size: 1e15, keepFree: bavail * bsize - 10 * GiB } }, turns)
  const first = await admit(scarce, 7 * GiB)
  t.match(await scarce.admit(7 * GiB), { id: 'hold.disk.full' }, 'what is reserved and not yet written takes its room')
  await first.release()
  await (await admit(scarce, 7 * GiB)).release()
  const keepFree = bavail * bsize - 10 * GiB
  const shared = new Hold({ memory: 1, spool: { directory, size: 1e15, keepFree }, sharedBy: 4 }, turns)
  t.match(await shared.admit(4 * GiB), { id: 'hold.disk.full' }, 'a worker has its part of what is free')
  await (await admit(shared, GiB)).release()
  const gone = new Hold({ memory: 1, spool: { directory: `${directory}/gone`, size: 1e15, keepFree: 0 } }, turns)
  t.match(await gone.admit(10), { id: 'hold.disk.failed' })
  t.equal(gone.spool.used, 0)
})

t.test('released in the middle of writing, it still gives everything back', async (t) => {
  const hold = open(t.testdir(), 10, 64 * MiB)
  for (let turn = 0; turn < 20; turn++) {
    const holding = await admit(hold, 8 * MiB)
    for (let count = 0; count < turn; count++) holding.append(randomBytes(64 * KiB))
    if (turn % 2) await new Promise(setImmediate)
    await holding.release()
    await holding.flush()
  }
  t.equal(hold.memory.used, 0)
  t.equal(hold.spool.used, 0)
})

t.test('a slow upload that ends while room in the spool is asked for stays where it is read', async (t) => {
  const hold = open(t.testdir(), 8 * MiB)
  for (let round = 0; round < 20; round++) {
    const holding = await admit(hold, 4 * MiB)
    holding.append(whole.subarray(0, 50_000))
    await new Promise((resolve) => setTimeout(resolve, 260))
    holding.append(whole.subarray(50_000, 100_000))
    t.equal(await holding.flush(), null)
    for (let turn = 0; turn < 5; turn++) {
      t.equal(await digest(holding, 0, 100_000), sha256(whole.subarray(0, 100_000)))
      await new Promise((resolve) => setTimeout(resolve, turn))
    }
    await holding.release()
  }
  t.same([hold.memory.used, hold.spool.used], [0, 0])
})
