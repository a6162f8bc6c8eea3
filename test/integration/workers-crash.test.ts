import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { png } from '../support/files.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { ask, openClient, type RawClient } from '../support/raw-client.ts'
import { impatient, type SluiceGateway, serveSluice, writeConfiguration } from '../support/sluice-process.ts'
import {
  eventually,
  isRunning,
  logOf,
  plainGet,
  readiness,
  type Scrape,
  scrape,
  shrunk,
  twoWorkers,
  uploadOf,
  workersOf,
} from '../support/workers.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

/** What a process has open: files, sockets. */
function openIn(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Begins uploads until each worker has at least one; by the worker that has it. */
async function uploadsOnBoth(sluice: SluiceGateway, upload: ReturnType<typeof uploadOf>) {
  const placed = new Map<number, RawClient[]>(workersOf(sluice).map((pid) => [pid, []]))
  for (let count = 0; count < 20 && [...placed.values()].some((clients) => clients.length === 0); count++) {
    const before = new Map([...placed.keys()].map((pid) => [pid, openIn(pid)]))
    const client = await openClient(sluice.port)
    client.write(Buffer.concat([upload.head, upload.body.subarray(0, 1000)]))
    await eventually(async () => (await scrape(sluice)).values.get('sluice_uploads_in_flight') === count + 1)
    const owner = [...placed.keys()].find((pid) => openIn(pid) > (before.get(pid) ?? 0))
    placed.get(owner ?? 0)?.push(client)
  }
  return placed
}

t.test('a worker that is killed takes its own connections with it and no others', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  const upload = uploadOf(randomBytes(50_000))
  const placed = await uploadsOnBoth(sluice, upload)
  const [victim = 0, survivor = 0] = placed.keys()
  const [lost = [], kept = []] = placed.values()
  t.ok(lost.length > 0 && kept.length > 0)
  process.kill(victim, 'SIGKILL')
  for (const client of lost) t.match(await client.closed(), /end|reset/)
  await eventually(async () => (await scrape(sluice)).values.get('sluice_uploads_in_flight') === kept.length)
  await eventually(async () => (await readiness(sluice)).ready)
  for (const client of kept) {
    client.write(upload.body.subarray(1000))
    t.equal((await client.answer('POST'))?.body.toString(), 'thanks')
    client.destroy()
  }
  const told = await scrape(sluice)
  t.equal(told.values.get('sluice_workers'), 2)
  t.equal(told.values.get('sluice_worker_restarts_total'), 1)
  t.ok(workersOf(sluice).includes(survivor))
  t.notOk(isRunning(victim))
  t.match(
    logOf(sluice).find(({ msg }) => msg.startsWith('a worker ended')),
    { level: 'error', signal: 'SIGKILL', code: null, workerPid: victim, pause: 0 },
  )
  for (let count = 0; count < 4; count++) t.equal((await ask(sluice.port, plainGet))?.status, 200)
})

t.test('no counter goes down when a worker dies under load, and none is wrong afterwards', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  let [answered, broken] = [0, 0]
  const over = new AbortController()
  const scrapes: Scrape[] = []
  const requests = [plainGet, uploadOf(png(), 'p.png').whole, 'NONSENSE\r\n\r\n']
  const load = async (): Promise<void> => {
    for (let count = 0; !over.signal.aborted; count++) {
      const answer = await ask(sluice.port, requests[count % 3] ?? '').catch(() => null)
      if (answer === null) broken += 1
      else answered += 1
    }
  }
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) scrapes.push(await scrape(sluice))
  }
  const all = [load(), load(), load(), load(), watch()]
  for (const kill of [1, 2, 3]) {
    const goal = answered + 100
    await eventually(() => answered > goal)
    const [victim = 0] = workersOf(sluice)
    process.kill(victim, 'SIGKILL')
    await eventually(() => scrapes.at(-1)?.values.get('sluice_worker_restarts_total') === kill)
    await eventually(async () => (await readiness(sluice)).ready)
  }
  over.abort()
  await Promise.all(all)
  t.ok(scrapes.length > 10)
  for (const [index, now] of scrapes.entries()) t.same(shrunk(scrapes[index - 1] ?? now, now), [])
  const rest = await scrape(sluice)
  const counted = rest.sum('sluice_requests_total')
  t.ok(counted <= answered + broken, `${counted} of ${answered} answered and ${broken} broken off`)
  t.equal(rest.values.get('sluice_uploads_in_flight'), 0)
  t.equal(rest.values.get('sluice_hold_memory_bytes'), 0)
  for (let count = 0; count < 7; count++) await ask(sluice.port, plainGet)
  t.equal((await scrape(sluice)).sum('sluice_requests_total'), counted + 7)
  // What was told before is not lost, not even a part of a second.
  for (const pid of workersOf(sluice)) process.kill(pid, 'SIGKILL')
  await eventually(async () => (await scrape(sluice)).values.get('sluice_workers') === 2)
  const last = await scrape(sluice)
  t.equal(last.sum('sluice_requests_total'), counted + 7)
  t.equal(last.sum('sluice_request_duration_seconds_count'), counted + 7)
})

t.test('a connection that is on its way to a worker that dies goes to another', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  const [hanging = 0] = workersOf(sluice)
  process.kill(hanging, 'SIGSTOP')
  const clients = await Promise.all(Array.from({ length: 6 }, () => openClient(sluice.port)))
  for (const client of clients) client.write(plainGet)
  const answers = clients.map((client) => client.answer())
  let arrived = 0
  for (const answer of answers) void answer.then(() => (arrived += 1))
  await eventually(() => arrived === 5)
  await delay(100)
  t.equal(arrived, 5, 'one waits in the channel')
  process.kill(hanging, 'SIGKILL')
  for (const answer of answers) t.equal((await answer)?.status, 200)
  for (const client of clients) client.destroy()
})

t.test('a worker that gives no sign of life is ended and replaced', async (t) => {
  const file = writeConfiguration(t.testdir(), backend.url, twoWorkers)
  const sluice = await serveSluice(t, [file], [], impatient)
  const [hanging = 0] = workersOf(sluice)
  process.kill(hanging, 'SIGSTOP')
  await sluice.logs('a worker gives no sign of life and is ended')
  await eventually(() => !isRunning(hanging))
  await eventually(async () => (await scrape(sluice)).values.get('sluice_worker_restarts_total') === 1)
  await eventually(async () => (await readiness(sluice)).ready)
  const suspended = workersOf(sluice)
  for (const pid of [sluice.pid, ...suspended]) process.kill(pid, 'SIGSTOP')
  await delay(6000)
  for (const pid of [sluice.pid, ...suspended]) process.kill(pid, 'SIGCONT')
  await eventually(async () => (await readiness(sluice)).ready)
  await delay(1500)
  t.same(workersOf(sluice), suspended, 'who was suspended as a whole comes back as it was')
})

t.test('one that dies again and again is not started in a tight loop', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  const [other = 0] = workersOf(sluice)
  const ends = () => logOf(sluice).filter(({ msg }) => msg.startsWith('a worker ended'))
  for (const times of [1, 2, 3]) {
    await eventually(() => workersOf(sluice).length === 2)
    for (const pid of workersOf(sluice)) if (pid !== other) process.kill(pid, 'SIGKILL')
    await eventually(() => ends().length === times)
  }
  t.same(
    ends().map(({ pause }) => pause),
    [0, 500, 1000],
  )
  t.equal((await ask(sluice.port, plainGet))?.status, 200, 'meanwhile the other serves')
  await eventually(async () => (await readiness(sluice)).ready)
})

t.test('a worker that cannot start again says why, and the gateway lives on without it', async (t) => {
  const folder = t.testdir()
  const file = writeConfiguration(folder, backend.url, {
    ...twoWorkers,
    scanners: { known: { type: 'hashes', deny: ['list'] } },
  })
  writeFileSync(join(folder, 'list'), `${'0'.repeat(64)}\n`)
  const sluice = await serveSluice(t, ['-c', file])
  rmSync(join(folder, 'list'))
  const [victim = 0] = workersOf(sluice)
  process.kill(victim, 'SIGKILL')
  await sluice.logs('a worker cannot start; it is tried again')
  t.match(
    logOf(sluice).find(({ msg }) => msg.startsWith('a worker cannot start')),
    { reason: /^scanner known: / },
  )
  t.match(await readiness(sluice), {
    ready: false,
    checks: [{ name: 'workers', ok: false, detail: /is not running$/ }],
  })
  t.equal((await ask(sluice.port, plainGet))?.status, 200)
  writeFileSync(join(folder, 'list'), `${'0'.repeat(64)}\n`)
  await eventually(async () => (await readiness(sluice)).ready)
})

t.test('without their primary workers end what is in flight, and then themselves', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  const workers = workersOf(sluice)
  const upload = uploadOf(randomBytes(50_000))
  const placed = [...(await uploadsOnBoth(sluice, upload)).values()].flat()
  sluice.kill('SIGKILL')
  await sluice.logs('the primary is gone')
  t.ok(workers.every(isRunning), 'they have uploads in flight')
  for (const client of placed) {
    client.write(upload.body.subarray(1000))
    t.equal((await client.answer('POST'))?.body.toString(), 'thanks')
  }
  t.same(await sluice.ended, { code: null, signal: 'SIGKILL' }, 'all have closed the standard output')
  t.notOk(workers.some(isRunning))
})
