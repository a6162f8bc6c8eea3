import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { png } from '../support/files.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient, type RawAnswer } from '../support/raw-client.ts'
import { serveSluice, writeConfiguration } from '../support/sluice-process.ts'
import { eventually, isRunning, logOf, readiness, scrape, twoWorkers, uploadOf, workersOf } from '../support/workers.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

const slow = uploadOf(randomBytes(100_000))
const fast = uploadOf(png(), 'p.png')
const kinds = [1, 2] as const

interface Problem {
  readonly problems: readonly { readonly id: string }[]
  readonly retry: { readonly safe: boolean }
}

function problemOf(answer: RawAnswer | null): Problem {
  return JSON.parse(answer?.body.toString() ?? '{}') as Problem
}

async function accepts(port: number): Promise<boolean> {
  const client = await openClient(port).catch(() => null)
  client?.destroy()
  return client !== null
}

for (const workers of kinds) {
  t.test(`SIGTERM under load, ${workers} workers: what is fast ends, what is slow is told to come again`, async (t) => {
    const over = {
      ...twoWorkers,
      process: { workers, drain: '12s' },
      admission: { body: { idle: '5m', minimumRate: '1B/s' } },
    }
    const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, over)])
    const begin = async (upload: typeof slow) => {
      const client = await openClient(sluice.port)
      client.write(Buffer.concat([upload.head, upload.body.subarray(0, 50)]))
      return client
    }
    const slowOnes = await Promise.all(Array.from({ length: 6 }, () => begin(slow)))
    const fastOnes = await Promise.all(Array.from({ length: 6 }, () => begin(fast)))
    await eventually(async () => (await scrape(sluice)).values.get('sluice_uploads_in_flight') === 12)
    t.equal((await scrape(sluice)).values.get('sluice_drain_remaining_requests'), 0)
    sluice.kill('SIGTERM')
    await sluice.logs('stopping: no new')
    await eventually(async () => (await scrape(sluice)).values.get('sluice_drain_remaining_requests') === 12)
    t.equal((await scrape(sluice)).values.get('sluice_draining'), 1)
    t.match(await readiness(sluice), { status: 503, ready: false })
    await eventually(async () => !(await accepts(sluice.port)))
    for (const client of fastOnes) client.write(fast.body.subarray(50))
    for (const client of fastOnes) {
      const answer = await client.answer('POST')
      t.equal(answer?.body.toString(), 'thanks')
    }
    await eventually(async () => (await scrape(sluice)).values.get('sluice_drain_remaining_requests') === 6)
    t.equal(
      (await scrape(sluice)).values.get('sluice_requests_total{route="/upload",lane="upload",outcome="released"}'),
      6,
    )
    for (const client of slowOnes) {
      const answer = await client.answer('POST')
      t.equal(answer?.status, 503)
      t.match(problemOf(answer), { problems: [{ id: 'gateway.stopping' }], retry: { safe: true } })
    }
    t.same(await sluice.ended, { code: 0, signal: null })
    const log = logOf(sluice).filter(({ msg }) => msg.startsWith('stop'))
    t.match(log.at(0), { signal: 'SIGTERM', drain: 12_000, remaining: 12 })
    t.match(log.at(1), { level: 'info', msg: 'stopping: requests are still in flight', remaining: 6 })
    t.match(log.at(-1), { level: 'warn', ended: 6 })
  })
}

t.test('a second signal ends all processes at once', async (t) => {
  const folder = t.testdir()
  for (const [first, second] of [
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
  ] as const) {
    const sluice = await serveSluice(t, ['-c', writeConfiguration(join(folder, first), backend.url, twoWorkers)])
    const workers = workersOf(sluice)
    const client = await openClient(sluice.port)
    client.write(Buffer.concat([slow.head, slow.body.subarray(0, 50)]))
    await eventually(async () => (await scrape(sluice)).values.get('sluice_uploads_in_flight') === 1)
    sluice.kill(first)
    await sluice.logs('stopping: no new')
    sluice.kill(second)
    t.same(await sluice.ended, { code: null, signal: second })
    t.notOk(workers.some(isRunning))
    client.destroy()
  }
})

t.test('a worker that dies while all stop is told and not replaced', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  const clients = await Promise.all(Array.from({ length: 4 }, () => openClient(sluice.port)))
  for (const client of clients) client.write(Buffer.concat([slow.head, slow.body.subarray(0, 50)]))
  await eventually(async () => (await scrape(sluice)).values.get('sluice_uploads_in_flight') === 4)
  const workers = workersOf(sluice)
  // A service manager tells all processes, and a terminal too; it is the primary who says what comes of it.
  for (const pid of [sluice.pid, ...workers]) process.kill(pid, 'SIGTERM')
  await sluice.logs('stopping: no new')
  process.kill(workers[0] ?? 0, 'SIGKILL')
  await sluice.logs('a worker did not stop in order')
  let answered = 0
  for (const client of clients) {
    client.write(slow.body.subarray(50))
    if ((await client.answer('POST'))?.status === 200) answered += 1
    client.destroy()
  }
  t.ok(answered > 0 && answered < 4, `${answered} are answered`)
  t.same(await sluice.ended, { code: 0, signal: null })
  t.notOk(workers.some(isRunning))
})
