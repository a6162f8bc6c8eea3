import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startHaProxy } from '../support/daemons/haproxy.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { startRedis } from '../support/daemons/redis.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { gauge } from '../support/scrape.ts'
import { type SluiceGateway, serveSluice, writeConfiguration } from '../support/sluice-process.ts'

const skip = missing('haproxy', 'redis-server')
const quota = 30

async function setUp(t: Test) {
  const backend = await startBackend(() => plainAnswer('thanks'))
  t.teardown(() => backend.close())
  const redis = needed(await startRedis(t))
  const folder = t.testdir({ one: {}, two: {} })
  const start = async (name: string): Promise<SluiceGateway> => {
    const file = writeConfiguration(join(folder, name), backend.url, {
      clients: { trustedProxies: ['127.0.0.1'] },
      state: { redis: redis.url },
      limits: { share: { key: 'client', rate: `${quota}/h` } },
      routes: [
        { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'files', limits: ['share'] },
        { path: '/**', upstream: 'backend' },
      ],
    })
    return serveSluice(t, ['-c', file])
  }
  const gateways = await Promise.all([start('one'), start('two')])
  const ports = (of: (gateway: SluiceGateway) => string): number[] =>
    gateways.map((gateway) => Number(new URL(of(gateway)).port))
  const front = needed(
    await startHaProxy(
      t,
      ports(({ url }) => url),
      ports(({ operationsUrl }) => operationsUrl),
    ),
  )
  return { backend, gateways, front }
}

async function upload(url: string, client: string): Promise<{ status: number; left: string | null }> {
  const form = new FormData()
  form.append('file', new File(['content'], 'a.txt', { type: 'text/plain' }))
  const response = await fetch(`${url}/upload`, { method: 'POST', body: form, headers: { 'x-forwarded-for': client } })
  await response.arrayBuffer()
  return { status: response.status, left: response.headers.get('ratelimit') }
}

t.test('two gateways behind one address keep one limit, and one of them can go', { skip }, async (t) => {
  const { backend, gateways, front } = await setUp(t)
  const [one, two] = gateways
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => upload(front.url, '198.51.100.7')))
  t.strictSame(
    outcomes.map(({ status }) => status),
    Array(20).fill(200),
  )
  for (const gateway of gateways)
    t.ok(((await gauge(gateway, 'sluice_requests_total{route="/upload",lane="upload",outcome="released"}')) ?? 0) > 0)
  one?.kill('SIGTERM')
  await one?.ended
  const after = []
  for (let index = 0; index < 15; index++) after.push(await upload(front.url, '198.51.100.7'))
  t.strictSame(
    after.map(({ status }) => status),
    [...Array(10).fill(200), ...Array(5).fill(429)],
    'what the first one counted holds',
  )
  t.match(after[9]?.left, /"share";r=0;t=\d+/)
  t.equal((await upload(front.url, '198.51.100.8')).status, 200, 'another client has its own')
  t.equal(backend.seen.length, quota + 1)
  t.ok(two)
})
