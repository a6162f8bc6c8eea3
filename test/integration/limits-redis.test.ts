/** Limits that gateways share, in a real Redis that is killed, hangs and comes back, with gateways that are killed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { openRedisStore } from '../../src/limits/redis/redis-store.ts'
import { temporaryFolder } from '../support/daemons/daemon.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { startRedis } from '../support/daemons/redis.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { type Answering, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { bucket, place, storeContract } from '../support/limit-store-contract.ts'
import { formBody } from '../support/multipart.ts'
import { openClient } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'
import { type SluiceGateway, serveSluice, writeConfiguration } from '../support/sluice-process.ts'

interface Teardown {
  teardown(end: () => unknown): unknown
}

const options = { skip: missing('redis-server') }

async function open(t: Teardown, url: string) {
  const lines: string[] = []
  const say = (_: object, message: string): void => void lines.push(message)
  const store = await openRedisStore(url, { info: say, warn: say })
  t.teardown(() => store.close())
  return { store, lines }
}

function clientOf(t: Teardown, url: string): Redis {
  const client = new Redis(url)
  client.on('error', () => {})
  t.teardown(() => client.disconnect())
  return client
}

async function eventually(holds: () => Promise<boolean> | boolean, patience = 30_000): Promise<void> {
  const end = Date.now() + patience
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to that')
    await sleep(20)
  }
}

t.test('the store', options, async (t) => {
  const redis = needed(await startRedis(t))
  const { store } = await open(t, redis.url)
  t.equal(store.up, true, 'open is there')
  await storeContract(t, store)
  const client = clientOf(t, redis.url)
  await client.script('FLUSH')
  t.match(await store.take([bucket(1, { key: 'flushed' })]), [{ fits: true }], 'scripts that Redis has forgotten')
})

t.test('what is kept', options, async (t) => {
  const redis = needed(await startRedis(t))
  const { store } = await open(t, redis.url)
  const client = clientOf(t, redis.url)
  await store.take([
    bucket(0, { key: 'looked-at' }),
    bucket(1, { key: 'bucket', interval: 60_000 / 7 }),
    place('me', { key: 'places' }),
    place(null, { key: 'looked-at-too' }),
  ])
  t.same((await client.keys('*')).sort(), ['sluice:limit:1:bucket', 'sluice:limit:1:places'], 'what is full is not')
  const ttl = await client.pttl('sluice:limit:1:bucket')
  t.ok(ttl > 0 && ttl <= 8572, 'until it is full again')
  t.match(`${await client.get('sluice:limit:1:bucket')}`, /^\d{11,}\.\d{5,}$/, 'with all digits')
  const lease = await client.pttl('sluice:limit:1:places')
  t.ok(lease > 0 && lease <= 15_000)
  await store.charge([bucket(-5, { key: 'bucket', interval: 60_000 / 7 })])
  t.equal(await client.exists('sluice:limit:1:bucket'), 0)
  await client.hset('sluice:limit:1:other', 'a', 'b')
  await t.rejects(store.take([bucket(1, { key: 'mine' }), bucket(1, { key: 'other' })]), 'a value that is no bucket')
  t.match(await store.take([bucket(0, { key: 'mine' })]), [{ remaining: 10 }], 'takes nothing')
  await client.set('sluice:limit:1:nonsense', 'nonsense')
  t.match(await store.take([bucket(1, { key: 'nonsense' })]), [{ fits: true, remaining: 9 }])
})

t.test('gateways that ask at the same time', options, async (t) => {
  const redis = needed(await startRedis(t))
  const stores = [await open(t, redis.url), await open(t, redis.url), await open(t, redis.url)]
  const asked = Array.from({ length: 60 }, async (_, turn) =>
    stores[turn % 3]?.store.take([bucket(1, { key: 'b', capacity: 25 }), place(`${turn}`, { key: 'p', most: 40 })]),
  )
  const stands = (await Promise.all(asked)).map((each) => each?.[0]?.fits)
  t.equal(stands.filter((fits) => fits).length, 25)
})

t.test('a Redis that goes, hangs and comes back', options, async (t) => {
  const redis = needed(await startRedis(t))
  const { store, lines } = await open(t, redis.url)
  t.match(await store.take([place('me', { key: 'p' }), place('left', { key: 'p' })]), [{ fits: true }, { fits: true }])
  await redis.kill()
  await eventually(() => !store.up)
  await t.rejects(store.take([bucket(1)]))
  await store.charge([bucket(1)])
  await store.leave([{ key: 'p', id: 'left' }])
  await redis.restart()
  await eventually(() => store.up)
  t.match(await store.take([place(null, { key: 'p' })]), [{ remaining: 1 }], 'before anybody asks')
  const client = clientOf(t, redis.url)
  t.same(await client.zrange('sluice:limit:1:p', '0', '-1'), ['me'])
  t.pass('who still holds a place has it again, and who left has not')
  t.same(lines, ['redis cannot be reached; gateways do not share limits', 'redis is back; gateways share limits again'])
  process.kill(redis.pid, 'SIGSTOP')
  await t.rejects(store.take([place('late', { key: 'q' })]), 'nobody waits for one that hangs')
  process.kill(redis.pid, 'SIGCONT')
  await eventually(async () => (await client.info('commandstats')).includes('cmdstat_zrem:'))
  await eventually(async () => (await client.exists('sluice:limit:1:q')) === 0)
  t.pass('what was taken by an answer that came too late is given back')
  process.kill(redis.pid, 'SIGSTOP')
  const asked = await Promise.allSettled(Array.from({ length: 3000 }, () => store.take([bucket(0)])))
  t.ok(
    asked.every(({ status }) => status === 'rejected'),
    'however many ask',
  )
  process.kill(redis.pid, 'SIGCONT')
  await eventually(() =>
    store.take([bucket(0)]).then(
      () => true,
      () => false,
    ),
  )
})

t.test('a Redis that was never there', async (t) => {
  const { store, lines } = await open(t, 'redis://127.0.0.1:1')
  t.equal(store.up, false)
  await t.rejects(store.take([bucket(1)]))
  t.same(lines, ['redis cannot be reached; gateways do not share limits'])
})

const form = formBody('b', [{ name: 'file', filename: 'a.txt', content: 'x' }])

function upload(gateway: { readonly url: string }): Promise<number> {
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  return fetch(`${gateway.url}/upload`, { method: 'POST', body: new Uint8Array(form), headers }).then(statusOf, () => 0)
}

function get(gateway: { readonly url: string }, headers: Record<string, string> = {}): Promise<number> {
  return fetch(gateway.url, { headers }).then(statusOf, () => 0)
}

async function statusOf(response: Response): Promise<number> {
  await response.arrayBuffer()
  return response.status
}

/** So many processes before one backend and one Redis. */
async function serveMany(
  t: Teardown,
  many: number,
  url: string,
  answer: Answering,
  limits: object,
): Promise<SluiceGateway[]> {
  const backend = await startBackend(answer)
  t.teardown(() => backend.close())
  const names = Object.keys(limits)
  const over = {
    upstreams: { backend: { urls: [backend.url], response: '100s', retryFor: '0s' } },
    state: { redis: url, gateways: many },
    limits,
    routes: [
      { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'files', limits: names },
      { path: '/**', upstream: 'backend', limits: names.filter((name) => name !== 'at-once') },
    ],
  }
  return Promise.all(
    Array.from({ length: many }, (_, index) => {
      const file = writeConfiguration(temporaryFolder(t, `limits-${index}`), backend.url, over)
      return serveSluice(t, ['-c', file])
    }),
  )
}

t.test('three gateways keep one limit', options, async (t) => {
  const redis = needed(await startRedis(t))
  const limits = { few: { key: 'header:x-round', rate: '30/h' }, bytes: { key: 'client', bytes: '1GiB/h' } }
  const gateways = await serveMany(t, 3, redis.url, () => plainAnswer('ok'), limits)
  const gone = async (): Promise<number> => {
    const counts = gateways.map((gateway) => gauge(gateway, 'sluice_limit_fallbacks_total{fallback="share"}'))
    return (await Promise.all(counts)).reduce((sum: number, count) => sum + (count ?? 0), 0)
  }
  // On a machine that is busy enough, Redis may be late, and then no limit is exact.
  for (let round = 0, before = -1; (await gone()) !== before; round++) {
    before = await gone()
    const ask = (gateway: SluiceGateway): Promise<number> => get(gateway, { 'x-round': `${round}` })
    const statuses = await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 25 }, () => ask(gateway))))
    if ((await gone()) !== before) continue
    t.equal(statuses.filter((status) => status === 200).length, 30)
    t.equal(statuses.filter((status) => status === 429).length, 45)
    for (const gateway of gateways) t.equal(await gauge(gateway, 'sluice_limit_store_up'), 1)
  }
})

t.test('a gateway that is killed while it holds places', options, async (t) => {
  const redis = needed(await startRedis(t))
  const held: (() => void)[] = []
  const answer: Answering = () => new Promise((resolve) => held.push(() => resolve(plainAnswer('ok'))))
  const [killed, staying] = await serveMany(t, 2, redis.url, answer, { 'at-once': { key: 'client', concurrent: 2 } })
  if (!killed || !staying) throw new Error('two were started')
  const lost = upload(killed)
  const kept = upload(staying)
  await eventually(() => held.length === 2)
  t.equal(await upload(staying), 429)
  killed.kill('SIGKILL')
  await killed.ended
  t.equal(await lost, 0)
  t.equal(await upload(staying), 429, 'nobody knows yet')
  let third = upload(staying)
  await eventually(async () => {
    if (held.length === 3) return true
    if ((await Promise.race([third, sleep(100, 0)])) === 429) third = upload(staying)
    return false
  })
  t.pass('its place has run out')
  t.equal(await upload(staying), 429, 'that of the other gateway, which is older, has not')
  for (const end of held) end()
  t.same(await Promise.all([kept, third]), [200, 200])
  const client = clientOf(t, redis.url)
  await eventually(async () => (await client.keys('*')).length === 0)
  t.pass('and nothing is left')
})

t.test('a client that leaves while its limits are asked', options, async (t) => {
  const redis = needed(await startRedis(t))
  const backend = await startBackend(() => plainAnswer('ok'))
  t.teardown(() => backend.close())
  const gateway = await startGateway({
    upstream: backend.url,
    admission: { body: { idle: '5m' } },
    configuration: {
      state: { redis: redis.url, whenAway: 'allow' },
      limits: { few: { key: 'client', rate: '100/h' } },
      routes: [{ path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'test', limits: ['few'] }],
    },
  })
  t.teardown(() => gateway.close())
  process.kill(redis.pid, 'SIGSTOP')
  const client = await openClient(gateway.port)
  const type = 'Content-Type: multipart/form-data; boundary=b'
  client.write(`POST /upload HTTP/1.1\r\nHost: a\r\n${type}\r\nContent-Length: 1000\r\n\r\n--b`)
  await sleep(30)
  client.socket.resetAndDestroy()
  await until(gateway, 'sluice_audit_lines_total{result="written"}', 1)
  process.kill(redis.pid, 'SIGCONT')
  t.equal(await gauge(gateway, 'sluice_uploads_in_flight'), 0)
  t.equal(await gauge(gateway, 'sluice_requests_total{route="/upload",lane="upload",outcome="aborted"}'), 1)
})

/** What clients may see while Redis is away. */
const whenAway = { share: [200, 429], refuse: [200, 429, 503], allow: [200, 429] } as const

for (const [choice, statuses] of Object.entries(whenAway)) {
  t.test(`Redis is killed under load, and ${choice} is configured`, options, async (t) => {
    const redis = needed(await startRedis(t))
    const backend = await startBackend(() => plainAnswer('ok'))
    t.teardown(() => backend.close())
    const gateway = await startGateway({
      upstream: backend.url,
      configuration: {
        state: { redis: redis.url, whenAway: choice, gateways: 2 },
        limits: {
          all: { key: 'route', rate: '100000/s' },
          places: { key: 'client', concurrent: 100 },
          none: { key: 'header:x-none', rate: '2/d' },
        },
        routes: [
          { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'test', limits: ['all', 'places'] },
          { path: '/none', upstream: 'backend', limits: ['none'] },
          { path: '/**', upstream: 'backend', limits: ['all'] },
        ],
      },
    })
    t.teardown(() => gateway.close())
    const enough = new AbortController()
    const seen = new Map<number, number>()
    const work = async (turn: number): Promise<void> => {
      while (!enough.signal.aborted) {
        const status = await (turn % 2 === 0 ? get(gateway) : upload(gateway))
        seen.set(status, (seen.get(status) ?? 0) + 1)
        await sleep(1)
      }
    }
    const working = Promise.all(Array.from({ length: 8 }, (_, turn) => work(turn)))
    for (let kill = 0; kill < 2; kill++) {
      await eventually(async () => (await gauge(gateway, 'sluice_limit_store_up')) === 1)
      await redis.kill()
      const before = (await fallbacks(gateway, choice)) ?? 0
      await eventually(async () => ((await fallbacks(gateway, choice)) ?? 0) > before + 20)
      t.equal(await gauge(gateway, 'sluice_limit_store_up'), 0)
      const ready = await fetch(`${gateway.operationsUrl}/readyz`)
      t.equal(ready.status, 200, 'the gateway is of use all the same')
      t.match(await ready.json(), { ready: true, checks: [{ name: 'spool' }, {}, { name: 'limits', ok: false }] })
      if (kill === 0) await away(t, choice, gateway)
      await redis.restart()
      await eventually(async () => (await gauge(gateway, 'sluice_limit_store_up')) === 1)
    }
    const allowed = seen.get(200) ?? 0
    await eventually(() => (seen.get(200) ?? 0) > allowed + 20)
    enough.abort()
    await working
    t.ok(
      [...seen.keys()].every((status) => (statuses as readonly number[]).includes(status)),
      JSON.stringify([...seen]),
    )
    if (choice === 'refuse') t.ok((seen.get(503) ?? 0) > 0)
  })
}

function fallbacks(gateway: TestGateway, choice: string): Promise<number | undefined> {
  return gauge(gateway, `sluice_limit_fallbacks_total{fallback="${choice}"}`)
}

/** One request after another under a limit of two a day, of which half is the gateway's share. */
async function away(t: Test, choice: string, gateway: TestGateway): Promise<void> {
  const none = (): Promise<Response> => fetch(`${gateway.url}/none`, { headers: { 'x-none': 'a' } })
  const answers = [await none(), await none(), await none()]
  const expected = { share: [200, 429, 429], refuse: [503, 503, 503], allow: [200, 200, 200] }[choice]
  t.same(
    answers.map(({ status }) => status),
    expected,
  )
  for (const answer of answers) t.equal(answer.headers.get('ratelimit-policy'), '"none";q=2;w=86400')
  if (choice !== 'refuse') return
  t.match(await answers[0]?.json(), {
    problems: [{ id: 'limit.unavailable' }],
    retry: { safe: true, useful: true, after: 5 },
  })
  await until(gateway, 'sluice_limit_decisions_total{limit="none",decision="unavailable"}', 3)
}
