import type { Test } from 'tap'
import type { BucketAsk, LeaseAsk, LimitStore } from '../../src/limits/store.ts'

let made = 0

/** So slow that nothing comes back while a test runs. */
export function bucket(cost: number, over: Partial<BucketAsk> = {}): BucketAsk {
  return { kind: 'bucket', key: 'none', capacity: 10, interval: 3_600_000, cost, enforce: true, ...over }
}

export function place(id: string | null, over: Partial<LeaseAsk> = {}): LeaseAsk {
  return { kind: 'lease', key: 'none', most: 2, id, enforce: true, ...over }
}

/** What every store of limits does, whoever counts. */
export async function storeContract(t: Test, store: LimitStore): Promise<void> {
  const fresh = (): string => `contract-${process.pid}-${Date.now()}-${(made += 1)}`
  const fits = async (...asks: (BucketAsk | LeaseAsk)[]) => (await store.take(asks)).map((stand) => stand.fits)

  await t.test('a bucket', async (t) => {
    const key = fresh()
    const [full] = await store.take([bucket(0, { key })])
    t.match(full, { fits: true, remaining: 10, wait: 0, reset: 0 }, 'only looks')
    const [after] = await store.take([bucket(7, { key })])
    t.match(after, { fits: true, remaining: 3, wait: 0 })
    t.ok((after?.reset ?? 0) > 6.9 * 3_600_000 && (after?.reset ?? 0) <= 7 * 3_600_000, 'until all is there again')
    const [refused] = await store.take([bucket(4, { key })])
    t.match(refused, { fits: false, remaining: 3 }, 'what does not fit is not taken')
    t.ok((refused?.wait ?? 0) > 3_500_000 && (refused?.wait ?? 0) <= 3_600_000, 'until one more is there')
    t.same(await fits(bucket(3, { key })), [true], 'to the last one')
    t.same(await fits(bucket(1, { key })), [false])
    const [never] = await store.take([bucket(11, { key })])
    t.match(never, { fits: false, wait: null }, 'more than the whole never fits')
  })

  await t.test('many small ones', async (t) => {
    const key = fresh()
    const odd = { key, capacity: 1000, interval: 3_600_000 / 7 }
    for (let taken = 0; taken < 999; taken++) await store.take([bucket(1, odd)])
    t.match(await store.take([bucket(1, odd)]), [{ fits: true, remaining: 0 }], 'times that are no whole numbers')
    t.same(await fits(bucket(1, odd)), [false])
    const large = { key: fresh(), capacity: 2 ** 41, interval: 3_600_000 / 2 ** 41 }
    t.match(await store.take([bucket(2 ** 40, large)]), [{ fits: true }])
    const [rest] = await store.take([bucket(0, large)])
    t.ok(Math.abs((rest?.remaining ?? 0) - 2 ** 40) < 2 ** 40 / 100, 'terabytes')
  })

  await t.test('all or nothing', async (t) => {
    const [a, b, c] = [fresh(), fresh(), fresh()]
    await store.take([bucket(9, { key: b })])
    const refused = await store.take([bucket(5, { key: a }), bucket(2, { key: b }), place('x', { key: c })])
    t.match(refused, [
      { fits: true, remaining: 10 },
      { fits: false, remaining: 1 },
      { fits: true, remaining: 2 },
    ])
    t.match(await store.take([bucket(0, { key: a }), place(null, { key: c })]), [{ remaining: 10 }, { remaining: 2 }])
    const told = await store.take([
      bucket(5, { key: a }),
      bucket(2, { key: b, enforce: false }),
      place('x', { key: c }),
    ])
    t.match(
      told,
      [
        { fits: true, remaining: 5 },
        { fits: false, remaining: 1 },
        { fits: true, remaining: 1 },
      ],
      'what is not enforced is told',
    )
    t.same(await store.take([]), [])
  })

  await t.test('debts, and what is given back', async (t) => {
    const key = fresh()
    await store.charge([bucket(15, { key })])
    t.match(await store.take([bucket(0, { key })]), [{ fits: false, remaining: 0 }], 'it owes')
    await store.charge([bucket(-6, { key })])
    t.match(await store.take([bucket(1, { key })]), [{ fits: true, remaining: 0 }], '15 - 6 + 1 of 10')
    await store.charge([bucket(-100, { key })])
    t.match(await store.take([bucket(0, { key })]), [{ remaining: 10, reset: 0 }], 'never more than full')
  })

  await t.test('places', async (t) => {
    const key = fresh()
    t.match(await store.take([place('a', { key })]), [{ fits: true, remaining: 1, wait: 0, reset: null }])
    t.match(await store.take([place('b', { key })]), [{ fits: true, remaining: 0 }])
    t.match(await store.take([place('c', { key })]), [{ fits: false, remaining: 0, wait: null }])
    t.same(await fits(place('a', { key })), [true], 'who has one already')
    t.same(await fits(place(null, { key })), [false])
    await store.leave([
      { key, id: 'a' },
      { key, id: 'nobody' },
    ])
    await store.leave([{ key, id: 'a' }])
    t.match(await store.take([place('c', { key })]), [{ fits: true, remaining: 0 }], 'given back once')
    await store.leave([
      { key, id: 'b' },
      { key, id: 'c' },
    ])
    t.match(await store.take([place(null, { key })]), [{ fits: true, remaining: 2 }])
  })
}
