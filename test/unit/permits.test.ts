import fc from 'fast-check'
import t, { type Test } from 'tap'
import { createMetrics } from '../../src/metrics/registry.ts'
import { type Demand, type Permit, type PermitLimits, Permits } from '../../src/path/3-admission/permits.ts'
import { rankOf } from '../../src/path/3-admission/rank.ts'
import { WaitingTime } from '../../src/path/3-admission/waiting-time.ts'
import { type Refusal, violation } from '../../src/problems/violation.ts'
import { createSlots } from '../../src/slots.ts'
import { Turns } from '../../src/turns.ts'

const MiB = 1024 * 1024
const live = new AbortController().signal

function open(t: Pick<Test, 'teardown'>, limits: Partial<PermitLimits> = {}) {
  const metrics = createMetrics({ version: 'test' })
  // As in the gateway, where the clients' sockets do so: the timers of those who wait keep no process alive.
  const awake = setInterval(() => {}, 60_000)
  t.teardown(() => clearInterval(awake))
  t.teardown(metrics.stop)
  const permits = new Permits(
    {
      active: 4,
      queue: 2,
      queueTimeout: 60_000,
      upstreams: new Map([['app', 3]]),
      scanners: new Map([['av', 2]]),
      isDown: () => false,
      ...limits,
    },
    new Turns(60_000),
    metrics,
  )
  const gauges = async (): Promise<string[]> => {
    permits.collect()
    const text = await metrics.render()
    return text
      .split('\n')
      .filter((line) => /^sluice_(upload_(slots|queue_uploads|turns)|(upstream|scanner)_uploads)\b/.test(line))
  }
  return { permits, gauges }
}

function demand(over: Partial<Demand<string>> = {}): Demand<string> {
  return { size: 1000, upstream: 'app', scanners: [], needed: [], reserve: async () => 'held', signal: live, ...over }
}

function had(outcome: Permit<string> | Refusal): Permit<string> {
  if ('violations' in outcome) throw new Error(outcome.violations[0].failed)
  return outcome
}

function refused(outcome: Permit<string> | Refusal): string {
  return 'violations' in outcome ? outcome.violations[0].id : 'had'
}

const atRest = [
  'sluice_upload_slots 0',
  'sluice_upload_queue_uploads 0',
  'sluice_upstream_uploads{upstream="app"} 0',
  'sluice_scanner_uploads{scanner="av"} 0',
]

t.test('what is missing is named, with a time to come again, and nothing else is kept', async (t) => {
  const { permits, gauges } = open(t)
  const permitted = [
    had(await permits.take(demand({ scanners: ['av'] }))),
    had(await permits.take(demand({ scanners: ['av'] }))),
  ]
  const scan = await permits.take(demand({ scanners: ['av'] }))
  t.match(scan, { violations: [{ id: 'admission.scanner', failed: /av/ }], backend: 'untouched', retryAfter: Number })
  permitted.push(had(await permits.take(demand())))
  t.match(await permits.take(demand()), {
    violations: [{ id: 'admission.upstream', failed: /app/ }],
    retryAfter: Number,
  })
  permitted.push(had(await permits.take(demand({ upstream: 'other' }))))
  t.same((await gauges()).slice(0, 4), [
    'sluice_upload_slots 4',
    'sluice_upload_queue_uploads 0',
    'sluice_upstream_uploads{upstream="app"} 3',
    'sluice_scanner_uploads{scanner="av"} 2',
  ])
  for (const permit of permitted) {
    permit.release()
    permit.release()
  }
  t.same((await gauges()).slice(0, 4), atRest)
})

t.test('a scanner that is down turns away what could not go on without it, and nothing else', async (t) => {
  const { permits, gauges } = open(t, { isDown: (name) => name === 'av' })
  t.equal(refused(await permits.take(demand({ scanners: ['av'], needed: ['av'] }))), 'admission.scanner')
  const permit = had(await permits.take(demand({ scanners: ['av'] })))
  permit.release()
  t.same((await gauges()).slice(0, 4), atRest)
})

t.test('room that cannot be had gives everything back, whether refused or failed', async (t) => {
  const { permits, gauges } = open(t)
  const full = demand({ scanners: ['av'], reserve: async () => violation('admission.spool') })
  for (let index = 0; index < 10; index++) t.equal(refused(await permits.take(full)), 'admission.spool')
  const broken = demand({ reserve: () => Promise.reject(new Error('broken')) })
  for (let index = 0; index < 10; index++) await t.rejects(permits.take(broken), /broken/)
  t.same((await gauges()).slice(0, 4), atRest)
})

t.test('the line: bounded, with an end, and left by those who go', async (t) => {
  const { permits, gauges } = open(t, { active: 1, queue: 1, queueTimeout: 20, upstreams: new Map() })
  const first = had(await permits.take(demand()))
  t.equal(refused(await permits.take(demand())), 'admission.uploads', 'late')
  const leaving = new AbortController()
  const gone = permits.take(demand({ signal: leaving.signal }))
  const behind = permits.take(demand())
  t.match(await behind, { violations: [{ failed: /places in line/ }] }, 'full')
  leaving.abort(new Error('left'))
  await t.rejects(gone, /left/)
  first.release()
  t.same((await gauges()).slice(0, 2), atRest.slice(0, 2))
})

t.test('small and old first', async (t) => {
  const slots = createSlots(1, 3)
  await slots.take({ wait: null, signal: live })
  const order: string[] = []
  const enter = (name: string, arrival: number, size: number): Promise<string> =>
    slots.take({ wait: null, signal: live, rank: rankOf(arrival, size) }).then((taken) => {
      if (taken === 'taken') order.push(name)
      return taken
    })
  const large = enter('large', 0, 64 * MiB)
  const medium = enter('medium', 100, 16 * MiB)
  const small = enter('small', 200, 10_000)
  t.equal(await enter('enormous', 300, 4096 * MiB), 'full', 'who would be last is turned away')
  const tiny = enter('tiny', 400, 10)
  t.equal(await large, 'full', 'who is last makes room for who is before')
  for (const _ of [1, 2, 3]) {
    slots.free()
    await new Promise(setImmediate)
  }
  await Promise.all([medium, small, tiny])
  t.same(order, ['small', 'tiny', 'medium'])
  slots.free()
  t.same([slots.active, slots.waiting], [0, 0])
})

t.test('no upload is passed by one that came five seconds later', (t) => {
  const size = fc.nat({ max: 2 ** 40 })
  fc.assert(
    fc.property(fc.nat(), size, size, (arrival, one, other) => rankOf(arrival, one) <= rankOf(arrival + 5000, other)),
  )
  fc.assert(
    fc.property(
      fc.nat(),
      size,
      size,
      (arrival, one, other) => one > other || rankOf(arrival, one) <= rankOf(arrival, other),
    ),
  )
  t.end()
})

t.test('nothing is lost, however permits are asked for, waited for, left and given back', async (t) => {
  const { permits, gauges } = open(t, { active: 3, queue: 5, queueTimeout: 5, upstreams: new Map([['app', 2]]) })
  const way = fc.record({
    leaves: fc.boolean(),
    upstream: fc.constantFrom('app', 'other'),
    scanned: fc.boolean(),
    reserve: fc.constantFrom('held', 'refused', 'failed'),
    keeps: fc.nat({ max: 3 }),
    size: fc.nat({ max: 100 * MiB }),
  })
  const run = async (ways: readonly (typeof way extends fc.Arbitrary<infer W> ? W : never)[]): Promise<void> => {
    await Promise.all(
      ways.map(async ({ leaves, upstream, scanned, reserve, keeps, size }) => {
        const leaving = new AbortController()
        const scanners = scanned ? ['av'] : []
        const reserving = async (): Promise<string | ReturnType<typeof violation>> => {
          if (reserve === 'failed') throw new Error('failed')
          return reserve === 'held' ? 'held' : violation('hold.disk.full')
        }
        const asked = permits.take({ size, upstream, scanners, needed: [], reserve: reserving, signal: leaving.signal })
        if (leaves) leaving.abort(new Error('left'))
        const outcome = await asked.catch(() => null)
        if (outcome === null || 'violations' in outcome) return
        for (let turn = 0; turn < keeps; turn++) await new Promise(setImmediate)
        outcome.release()
      }),
    )
  }
  await fc.assert(
    fc.asyncProperty(fc.array(way, { maxLength: 40 }), async (ways) => {
      await run(ways)
      return JSON.stringify((await gauges()).slice(0, 4)) === JSON.stringify(atRest)
    }),
    { numRuns: 50 },
  )
})

t.test('refused uploads are told to come when there may be a slot', (t) => {
  const waiting = new WaitingTime(10)
  t.equal(waiting.estimate(0), 1)
  for (let index = 0; index < 200; index++) waiting.learn(30_000)
  t.equal(waiting.estimate(0), 3)
  t.equal(waiting.estimate(9), 30)
  t.equal(waiting.estimate(1000), 60)
  t.end()
})
