import fc from 'fast-check'
import t from 'tap'
import type { LimitSettings } from '../../src/config/configuration.ts'
import { compileLimits, type Limit } from '../../src/limits/compile.ts'
import { countAlone, countWith } from '../../src/limits/counting.ts'
import { policyMember, standMember } from '../../src/limits/fields.ts'
import { type Announced, LimitedRequest } from '../../src/limits/limited-request.ts'
import { createMemoryStore } from '../../src/limits/memory-store.ts'
import { shareOf } from '../../src/limits/share.ts'
import type { BucketAsk, LimitStore } from '../../src/limits/store.ts'
import { limitInWords } from '../../src/limits/words.ts'
import { bucket, place, storeContract } from '../support/limit-store-contract.ts'

t.test('the store in memory', async (t) => {
  await storeContract(t, createMemoryStore({ most: 100 }))
})

const steps = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 0, max: 30 })), { maxLength: 60 })
const buckets = fc.record({
  capacity: fc.integer({ min: 1, max: 25 }),
  amount: fc.integer({ min: 1, max: 1000 }),
  period: fc.integer({ min: 1000, max: 100_000 }),
})

/**
 * A bucket in whole numbers, without rounding: what is missing, in milliseconds times the amount. A unit is one period.
 */
function exactBucket({ capacity, amount, period }: { capacity: number; amount: number; period: number }) {
  const whole = BigInt(capacity) * BigInt(period)
  let missing = 0n
  return {
    pass(milliseconds: number) {
      missing -= BigInt(milliseconds) * BigInt(amount)
      if (missing < 0n) missing = 0n
    },
    /** How much room there is after the cost; negative: it does not fit. In units. */
    room: (cost: number) => Number(whole - missing - BigInt(cost) * BigInt(period)) / period,
    take(cost: number) {
      missing += BigInt(cost) * BigInt(period)
    },
    get remaining() {
      return Number(whole - missing) / period
    },
    /** Milliseconds until the cost fits. */
    wait: (cost: number) => Math.max(0, Number(missing + BigInt(cost) * BigInt(period) - whole) / amount),
  }
}

t.test('a bucket against one in exact numbers', async (t) => {
  await fc.assert(
    fc.asyncProperty(buckets, steps, async (shape, taken) => {
      let now = 1e9
      const store = createMemoryStore({ most: 10, now: () => now })
      const exact = exactBucket(shape)
      const { capacity } = shape
      const interval = shape.period / shape.amount
      for (const [pause, cost] of taken) {
        now += pause
        exact.pass(pause)
        const [stand] = await store.take([bucket(cost, { key: 'k', capacity, interval })])
        const room = exact.room(cost)
        // At the very edge, rounding may decide.
        const edge = Math.abs(room) < 0.002
        if (!edge && stand?.fits !== room >= 0) throw new Error(`fits: ${stand?.fits}, room for ${room}`)
        if (
          stand?.fits === false &&
          cost <= capacity &&
          Math.abs((stand.wait ?? -1) - exact.wait(cost)) > 0.01 * interval
        )
          throw new Error(`wait: ${stand.wait}, not ${exact.wait(cost)}`)
        if (stand?.fits === false && cost > capacity && stand.wait !== null) throw new Error('never, and yet a time')
        if (stand?.fits === true) exact.take(cost)
        const remaining = exact.remaining
        if (stand && Math.abs(stand.remaining - Math.floor(remaining + 0.001)) > 0 && Math.abs(remaining % 1) > 0.01)
          throw new Error(`remaining: ${stand.remaining}, not ${remaining}`)
      }
    }),
    { numRuns: 300 },
  )
  t.pass('300 runs')
})

t.test('no window holds more than the capacity and what came back in it', async (t) => {
  await fc.assert(
    fc.asyncProperty(buckets, steps, async (shape, wanted) => {
      let now = 1e9
      const store = createMemoryStore({ most: 10, now: () => now })
      const interval = shape.period / shape.amount
      const taken: { at: number; cost: number }[] = []
      for (const [pause, cost] of wanted) {
        now += pause
        const [stand] = await store.take([bucket(cost, { key: 'k', capacity: shape.capacity, interval })])
        if (stand?.fits === true) taken.push({ at: now, cost })
      }
      taken.forEach(({ at: from }, first) => {
        let sum = 0
        for (const { at, cost } of taken.slice(first)) {
          sum += cost
          if (sum > shape.capacity + (at - from) / interval + 0.01) throw new Error(`${sum} in ${at - from} ms`)
        }
      })
    }),
    { numRuns: 300 },
  )
  t.pass('300 runs')
})

t.test('however a cost is split, it is the same cost', async (t) => {
  const split = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(split, fc.integer({ min: 1, max: 1000 }), async (costs, amount) => {
      const store = createMemoryStore({ most: 10, now: () => 1e9 })
      const sum = costs.reduce((total, cost) => total + cost, 0)
      const shape = { capacity: 40_000, interval: 1000 / amount }
      await store.take([bucket(sum, { key: 'whole', ...shape })])
      for (const cost of costs) await store.take([bucket(cost, { key: 'split', ...shape })])
      const [whole, parts] = await store.take([
        bucket(0, { key: 'whole', ...shape }),
        bucket(0, { key: 'split', ...shape }),
      ])
      return whole?.remaining === parts?.remaining
    }),
  )
  t.pass()
})

t.test('a million clients', async (t) => {
  const store = createMemoryStore({ most: 1000 })
  for (let client = 0; client < 1_000_000; client += 1000) {
    await store.charge(Array.from({ length: 1000 }, (_, index) => bucket(1, { key: `client-${client + index}` })))
  }
  t.equal(store.buckets, 1000)
  await store.close()
  t.equal(store.buckets, 0)
})

t.test('a share of one of several gateways', async (t) => {
  const memory = createMemoryStore({ most: 100 })
  t.equal(shareOf(memory, 1), memory)
  const share = shareOf(memory, 3)
  const fits = async (ask: Parameters<LimitStore['take']>[0][number]) => (await share.take([ask]))[0]?.fits
  t.match(await share.take([bucket(1, { key: 'a' })]), [{ fits: true, remaining: 2 }], '3 of 10')
  t.equal(await fits(bucket(3, { key: 'a' })), false)
  t.equal(await fits(bucket(9, { key: 'b' })), true, 'larger than a share')
  const [owing] = await share.take([bucket(1, { key: 'b' })])
  t.match(owing, { fits: false })
  t.ok((owing?.wait ?? 0) > 6.9 * 3 * 3_600_000, 'and is owed at the speed of a share')
  t.equal(await fits(bucket(11, { key: 'c' })), false, 'larger than the whole')
  t.equal(await fits(place('x', { key: 'd', most: 2 })), true, 'one at least')
  t.equal(await fits(place('y', { key: 'd', most: 2 })), false)
  await share.leave([{ key: 'd', id: 'x' }])
  t.equal(await fits(place('y', { key: 'd', most: 2 })), true)
  await share.charge([bucket(1, { key: 'e' })])
  t.match(await share.take([bucket(0, { key: 'e' })]), [{ remaining: 2 }])
})

const settings = (over: Partial<LimitSettings>): LimitSettings => ({
  key: { kind: 'client' },
  mode: 'enforce',
  absent: 'client',
  ...over,
})

function limitsOf(limits: Record<string, LimitSettings>): readonly Limit[] {
  const route = { host: null, path: '/', methods: null, upstream: 'a', policy: null, uploads: null }
  return compileLimits({ limits, routes: [{ ...route, limits: Object.keys(limits) }] })[0]?.limits ?? []
}

const hour = 3_600_000

t.test('what limits say of themselves', async (t) => {
  const limits = limitsOf({
    requests: settings({ rate: { amount: 60, period: 60_000 }, burst: 20 }),
    bytes: settings({ bytes: { amount: 2 ** 31, period: hour }, key: { kind: 'header', name: 'x-tenant' } }),
    files: settings({ files: { amount: 100, period: 600_000 }, key: { kind: 'claim', name: 'sub' } }),
    'at-once': settings({ concurrent: 6, key: { kind: 'route' } }),
    fast: settings({ rate: { amount: 1000, period: 1000 } }),
    vast: settings({ bytes: { amount: 999_999_999_999_999, period: 31 * 24 * hour } }),
    nothing: settings({ rate: { amount: 1, period: 1000 }, mode: 'off' }),
  })
  t.same(limits.map(limitInWords), [
    'at most 60 requests per minute and 20 at once from one client address',
    'at most 2 GiB per hour for one value of the header x-tenant',
    'at most 100 files per 10 minutes for one value of the claim sub',
    'at most 6 uploads at a time from all clients of the route together',
    'at most 1000 requests per second from one client address',
    'at most 909.49 TiB per 31 days from one client address',
  ])
  t.same(limits.map(policyMember), [
    '"requests";q=20;w=20',
    '"bytes";q=2147483648;w=3600;qu="content-bytes"',
    '"files";q=100;w=600;qu="files"',
    '"at-once";q=6;qu="concurrent-requests"',
    '"fast";q=1000;w=1',
    '"vast";q=999999999999999;w=2678400;qu="content-bytes"',
  ])
  const [limit] = limits
  if (limit === undefined) throw new Error('no limit')
  const stand = { fits: true, wait: 0, remaining: 12, reset: 7001 }
  t.equal(standMember(limit, stand), '"requests";r=12;t=8', 'seconds are rounded up')
  t.equal(standMember(limit, { ...stand, reset: 7000.0000001 }), '"requests";r=12;t=7', 'but not for rounding')
  t.equal(standMember(limit, { ...stand, reset: null }), '"requests";r=12')
  t.equal(
    standMember(limit, { ...stand, remaining: 1e300, reset: 1e300 }),
    '"requests";r=999999999999999;t=999999999999999',
  )
  const [other] = limitsOf({ requests: settings({ rate: { amount: 61, period: 60_000 }, burst: 20 }) })
  t.not(other?.id, limit.id, 'another limit under the same name begins anew')
})

/** A request under limits, with all that was counted about it. */
function request(
  limits: readonly Limit[],
  store: LimitStore,
  over: Partial<ConstructorParameters<typeof LimitedRequest>[1]> = {},
) {
  const counted: string[] = []
  const count = (limit: string, decision: string): void => void counted.push(`${limit} ${decision}`)
  const limited = new LimitedRequest(limits, { counting: countAlone(store), id: `${(ids += 1)}`, count, ...over })
  const admit = (announced: Announced = { bytes: 0, upload: false }): Promise<void> =>
    limited.admit(
      limits.map(({ id }) => id),
      announced,
    )
  return { limited, counted, admit, store }
}
let ids = 0

const MiB = 2 ** 20

t.test('a body of unknown length is paid for as it comes', async (t) => {
  const limits = limitsOf({ bytes: settings({ bytes: { amount: 3 * MiB, period: 24 * hour } }) })
  const id = limits[0]?.id ?? ''
  const left = async (store: LimitStore) =>
    (await store.take([bucket(0, { key: id, capacity: 3 * MiB, interval: (24 * hour) / (3 * MiB) })]))[0]?.remaining ??
    0
  const near = (actual: number, wanted: number): boolean => Math.abs(actual - wanted) < 3000

  const store = createMemoryStore({ most: 100 })
  const one = request(limits, store)
  await one.admit({ bytes: null, upload: true })
  t.ok(near(await left(store), 3 * MiB - 1), 'one byte for the headers')
  await one.limited.came(1000)
  t.ok(near(await left(store), 2 * MiB - 1000), 'one step ahead')
  t.equal(one.limited.came(2000), null, 'the next bytes wait for nobody')
  t.equal(one.limited.came(MiB - 1000), null, 'more is asked for before it is needed')
  await new Promise(setImmediate)
  t.ok(near(await left(store), MiB))
  await one.limited.came(2.5 * MiB)
  t.equal(one.limited.refusal, null)
  t.equal(await left(store), 0, 'the step ahead is no longer than what there is')
  t.equal(await one.limited.complete(2.5 * MiB, 0), null)
  t.ok(near(await left(store), MiB / 2), 'what did not come is given back')
  t.match(one.limited.fields()[3], /^"bytes";r=52\d{4};t=\d+$/)
  one.limited.end(2.5 * MiB)
  one.limited.end(0)
  t.ok(near(await left(store), MiB / 2), 'once')

  const other = request(limits, store)
  await other.admit({ bytes: null, upload: true })
  await other.limited.came(MiB)
  t.match(other.limited.refusal?.violations, [
    { id: 'limit.bytes', failed: /^51[12][.\d]* KiB of 3 MiB left in limit bytes, and the body has at least 1 MiB$/ },
  ])
  const wait = other.limited.refusal?.retryAfter ?? 0
  t.ok(Math.abs(wait - 4 * 3600) < 100, `half of it comes back in 4 hours: ${wait} s`)
  other.limited.end(MiB)
  const again = request(limits, createMemoryStore({ most: 10, now: () => 1e9 }))
  await again.admit({ bytes: null, upload: true })
  await again.limited.came(2.5 * MiB)
  await again.limited.complete(2.5 * MiB, 0)
  const last = request(limits, again.store)
  await last.admit({ bytes: null, upload: true })
  await last.limited.came(0.3 * MiB)
  await last.limited.came(MiB)
  t.equal(last.limited.refusal?.retryAfter, 8 * 3600, 'all of it comes again, what was let through as well')
  t.same(other.counted, ['bytes allowed', 'bytes refused'])
  t.equal(await left(store), 0, 'what came counts')

  const endless = request(limits, createMemoryStore({ most: 100 }))
  await endless.admit({ bytes: null, upload: true })
  await endless.limited.came(4 * MiB)
  t.match(endless.limited.refusal?.violations, [
    { id: 'limit.capacity', failed: /at least 4 MiB, and limit bytes never/ },
  ])
})

t.test('what is not had is given back', async (t) => {
  const limits = limitsOf({
    bytes: settings({ bytes: { amount: 1000, period: hour } }),
    files: settings({ files: { amount: 3, period: hour } }),
    'at-once': settings({ concurrent: 1 }),
  })
  const store = createMemoryStore({ most: 10, now: () => 1e9 })
  const left = async () => {
    const probe = request(limits, store)
    await probe.admit()
    probe.limited.end(0)
    return (probe.limited.fields()[3] ?? '').match(/r=\d+/g)?.join(' ')
  }
  const broken = request(limits, store)
  await broken.admit({ bytes: 900, upload: true })
  t.equal(await left(), 'r=100 r=2 r=0')
  const second = request(limits, store)
  await second.admit({ bytes: 200, upload: true })
  t.match(
    second.limited.refusal?.violations,
    [{ id: 'limit.bytes' }, { id: 'limit.concurrent' }],
    'all that refuse are told',
  )
  t.equal(second.limited.refusal?.retryAfter, 360, 'the wait that is known')
  second.limited.end(0)
  t.equal(await left(), 'r=100 r=2 r=0', 'a refused request costs nothing and gives nothing back')
  broken.limited.end(10)
  t.equal(await left(), 'r=990 r=3 r=1', 'broken off after 10 bytes')
  const many = request(limits, store)
  await many.admit({ bytes: 10, upload: true })
  t.match(await many.limited.complete(10, 4), {
    violations: [{ id: 'limit.capacity', failed: /^the upload has 4 files/ }],
  })
  many.limited.leave()
  many.limited.end(10)
  t.equal(await left(), 'r=980 r=3 r=1')
  const fine = request(limits, store)
  await fine.admit({ bytes: 0, upload: true })
  t.equal(await fine.limited.complete(0, 2), null)
  fine.limited.end(0)
  t.equal(await left(), 'r=980 r=1 r=1')
  const form = request(limits, store)
  await form.admit({ bytes: 0, upload: true })
  t.equal(await form.limited.complete(0, 0), null, 'a form without files')
  form.limited.end(0)
  t.equal(await left(), 'r=980 r=1 r=1')
  const toMany = request(limits, store)
  await toMany.admit({ bytes: 0, upload: true })
  t.match(await toMany.limited.complete(0, 2), { violations: [{ id: 'limit.files' }], retryAfter: 1200 })
  toMany.limited.end(0)
  t.equal(await left(), 'r=980 r=1 r=1')
})

t.test('report mode refuses nothing and takes nothing that is not there', async (t) => {
  const limits = limitsOf({
    requests: settings({ rate: { amount: 1, period: hour }, mode: 'report' }),
    bytes: settings({ bytes: { amount: 1.5 * MiB, period: hour }, mode: 'report' }),
    files: settings({ files: { amount: 1, period: hour }, mode: 'report' }),
  })
  const store = createMemoryStore({ most: 10, now: () => 1e9 })
  const one = request(limits, store)
  await one.admit({ bytes: null, upload: true })
  await one.limited.came(1.2 * MiB)
  t.same(one.counted, ['requests allowed', 'bytes allowed', 'files allowed'], 'what fits without the step ahead')
  await one.limited.came(2 * MiB)
  await one.limited.came(9 * MiB)
  t.equal(await one.limited.complete(9 * MiB, 2), null)
  t.equal(one.limited.refusal, null)
  t.same(one.limited.records, [
    { limit: 'bytes', decision: 'reported' },
    { limit: 'files', decision: 'reported' },
  ])
  one.limited.end(9 * MiB)
  t.same(one.limited.fields(), [], 'clients are told of nothing that does not hold')
  const two = request(limits, store)
  await two.admit({ bytes: 1, upload: false })
  t.same(two.counted, ['requests reported', 'bytes reported'], 'nothing is left')
})

t.test('a store that is away', async (t) => {
  const limits = limitsOf({
    requests: settings({ rate: { amount: 4, period: hour } }),
    told: settings({ rate: { amount: 1, period: hour }, mode: 'report' }),
  })
  let back = (): void => {}
  let up = false
  const gone = {
    get up() {
      return up
    },
    onReady(then: () => void) {
      back = then
    },
    take: () => Promise.reject(new Error('gone')),
    charge: async () => {},
    leave: async () => {},
    close: async () => {},
  }
  const share = shareOf(createMemoryStore({ most: 100 }), 2)
  for (const whenAway of ['share', 'refuse', 'allow'] as const) {
    let fallbacks = 0
    const lines: string[] = []
    const onFallback = (): void => void (fallbacks += 1)
    const counting = countWith(gone, { whenAway, share, onFallback, log: { warn: (_, line) => void lines.push(line) } })
    const ask = async (some = limits) => {
      const asked = request(some, gone, { counting })
      await asked.admit()
      asked.limited.end(0)
      return asked
    }
    const asked = [await ask(), await ask(), await ask()]
    const refusals = asked.map(({ limited }) => limited.refusal?.violations[0].id ?? null)
    const expected = {
      share: [null, null, 'limit.rate'],
      refuse: ['limit.unavailable', 'limit.unavailable', 'limit.unavailable'],
      allow: [null, null, null],
    }
    t.same(refusals, expected[whenAway], whenAway)
    t.equal(fallbacks, 3)
    t.equal(counting.answers, false)
    back()
    t.equal(counting.answers, true, 'who is back need not be asked first')
    t.same(lines, [], 'of one that is gone, its connection tells')
    up = true
    await ask()
    await ask()
    up = false
    t.same(lines, ['limits could not be asked'], 'of one that does not answer, once')
    if (whenAway === 'share') continue
    t.same(asked[0]?.counted, ['requests unavailable', 'told unavailable'])
    const reported = await ask(limits.slice(1))
    t.equal(reported.limited.refusal, null, 'what is not enforced is no reason to refuse')
  }
})

t.test('a step ahead in the store of several limits refuses for one and takes of none', async (t) => {
  const limits = limitsOf({
    wide: settings({ bytes: { amount: 100 * MiB, period: hour } }),
    narrow: settings({ bytes: { amount: 2 * MiB, period: hour }, key: { kind: 'route' } }),
  })
  const asked: BucketAsk[][] = []
  const memory = createMemoryStore({ most: 10, now: () => 1e9 })
  const store: LimitStore = {
    ...memory,
    take(asks) {
      asked.push(asks.filter((ask) => ask.kind === 'bucket'))
      return memory.take(asks)
    },
  }
  const { limited, admit } = request(limits, store)
  await admit({ bytes: null, upload: true })
  await limited.came(1.5 * MiB)
  t.equal(limited.refusal, null)
  t.match(limited.fields()[3], /"narrow";r=0/)
  await limited.came(2.5 * MiB)
  t.match(limited.refusal, { violations: [{ id: 'limit.capacity', failed: /limit narrow never/ }] })
  limited.end(2.5 * MiB)
  t.equal(asked.length, 5, 'one question for the headers, two each where the step ahead is too long')
  const [wide] = await memory.take([
    bucket(0, { key: limits[0]?.id ?? '', capacity: 100 * MiB, interval: hour / (100 * MiB) }),
  ])
  t.ok(Math.abs((wide?.remaining ?? 0) - 97.5 * MiB) < 10, 'what came is counted everywhere')
})
