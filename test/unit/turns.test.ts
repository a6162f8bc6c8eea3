import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { Turns } from '../../src/turns.ts'

const KiB = 1024
const piece = 64 * KiB

t.test('work that fits goes on at once; what is more waits for turns, first come first served', async (t) => {
  const turns = new Turns(60_000)
  const order: number[] = []
  const waits = Array.from({ length: 12 }, (_, index) => {
    const turn = turns.take(piece)
    if (turn === null) order.push(index)
    return Promise.resolve(turn?.then(() => order.push(index)))
  })
  t.same(order, [0, 1, 2, 3], 'four pieces are the budget of one turn')
  t.equal(turns.waiting, 8)
  await nextTurn()
  t.same(order, [0, 1, 2, 3, 4, 5, 6, 7])
  await Promise.all(waits)
  t.same(
    order,
    Array.from({ length: 12 }, (_, index) => index),
  )
  t.equal(turns.waiting, 0)
})

t.test('nobody is passed by who asks again and again', async (t) => {
  const turns = new Turns(60_000)
  const had = new Map<string, number>()
  const work = async (name: string, pieces: number): Promise<void> => {
    for (let index = 0; index < pieces; index++) {
      await turns.take(piece)
      had.set(name, index + 1)
    }
  }
  const greedy = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => work(name, 60))
  const late = work('late', 6)
  await late
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
    t.ok((had.get(name) ?? 0) <= 12, `${name} had ${had.get(name)} pieces while the last one had 6`)
  await Promise.all(greedy)
})

t.test('other work comes to its turn while uploads have more than enough to do', async (t) => {
  const turns = new Turns(60_000)
  let others = 0
  const flood = Promise.all(
    Array.from({ length: 32 }, async () => {
      for (let index = 0; index < 20; index++) await turns.take(piece)
    }),
  )
  const over = new AbortController()
  void flood.then(() => over.abort())
  while (!over.signal.aborted) {
    await nextTurn()
    others++
  }
  t.ok(others >= (32 * 20 * piece) / (5 * piece), `${others} turns of other work`)
})

t.test('a late event loop is given less, and recovers', async (t) => {
  const turns = new Turns(5)
  t.equal(turns.budget, 256 * KiB)
  const block = (): void => {
    const end = performance.now() + 20
    while (performance.now() < end);
  }
  for (let round = 0; round < 6; round++) {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        await turns.take(piece)
        block()
      }),
    )
  }
  t.equal(turns.budget, piece, 'one piece a turn')
  const calm = new Turns(60_000)
  t.equal(calm.budget, 256 * KiB)
  for (let round = 0; turns.budget < 256 * KiB && round < 10_000; round++) {
    await turns.take(1)
    await nextTurn()
  }
  t.equal(turns.budget, 256 * KiB)
})
