import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { missing } from '../support/daemons/installed.ts'
import { png } from '../support/files.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { ask, openClient } from '../support/raw-client.ts'
import { runSluice, serveSluice, writeConfiguration } from '../support/sluice-process.ts'
import {
  eventually,
  isRunning,
  logOf,
  plainGet,
  readiness,
  scrape,
  twoWorkers,
  uploadOf,
  workersOf,
} from '../support/workers.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

t.test('several processes serve the same addresses, and look like one', async (t) => {
  const file = writeConfiguration(t.testdir(), backend.url, {
    ...twoWorkers,
    listeners: [{ address: '127.0.0.1:0' }, { address: '127.0.0.1:0' }],
  })
  const sluice = await serveSluice(t, ['-c', file])
  const lines = [
    `Sluice \\d+\\.\\d+\\.\\d+ with ${file} \\([0-9a-f]{16}\\)`,
    '  listening on   http://127.0.0.1:\\d+',
    '  listening on   http://127.0.0.1:\\d+',
    '  operations on  http://127.0.0.1:\\d+/metrics',
  ]
  t.match(sluice.stderr(), new RegExp(`^${lines.join('\n')}\n$`))
  const workers = workersOf(sluice)
  t.equal(workers.length, 2)
  const ports = [...sluice.stderr().matchAll(/listening on {3}http:\S+:(\d+)\n/g)].map(([, port]) => Number(port))
  for (const port of ports) {
    for (let count = 0; count < 3; count++) t.equal((await ask(port, plainGet))?.body.toString(), 'thanks')
    t.equal((await ask(port, uploadOf(png(), 'p.png').whole))?.status, 200)
    t.equal((await ask(port, 'NONSENSE\r\n\r\n'))?.status, 400)
    t.equal((await ask(port, 'NONSENSE\r\n\r\n'))?.status, 400)
  }
  const told = await scrape(sluice)
  t.equal(told.values.get('sluice_workers'), 2)
  t.equal(told.sum('sluice_requests_total'), 12)
  t.equal(told.values.get('sluice_request_duration_seconds_count{lane="upload"}'), 2)
  t.equal(told.values.get('sluice_worker_restarts_total'), 0)
  t.equal(told.values.get('sluice_workers_unresponsive'), 0)
  t.equal(told.values.get('sluice_hold_memory_limit_bytes'), 64 * 1024 ** 2, 'the shares together')
  t.equal(told.values.get('sluice_draining'), 0)
  t.equal([...told.values].filter(([series]) => series.startsWith('sluice_configuration_info')).length, 1)
  for (const worker of ['primary', '1', '2'])
    t.ok((told.values.get(`process_resident_memory_bytes{worker="${worker}"}`) ?? 0) > 1e6)
  t.match(await readiness(sluice), { status: 200, ready: true, checks: [{ name: 'workers', ok: true }] })
  t.equal(await (await fetch(`${sluice.operationsUrl}/healthz`)).text(), 'ok\n')
  sluice.kill('SIGTERM')
  t.same(await sluice.ended, { code: 0, signal: null })
  t.notOk(workers.some(isRunning))
  const log = logOf(sluice)
  for (const worker of [1, 2])
    t.ok(
      log.some((line) => line['worker'] === worker),
      `${worker} has served`,
    )
  t.match(log.at(-2), { msg: 'stopping: no new connections are accepted', signal: 'SIGTERM', remaining: 0 })
  t.match(log.at(-1), { level: 'info', msg: 'stopped', ended: 0 })
})

const skip = missing('promtool')

t.test('promtool accepts what several processes tell', { skip }, async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  await Promise.all(Array.from({ length: 6 }, () => ask(sluice.port, plainGet)))
  const { text } = await scrape(sluice)
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  t.equal(checked.stdout + checked.stderr, '')
  t.equal(checked.status, 0)
})

t.test('what keeps the primary or a worker from starting is said once, and nothing goes on running', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const busy = { address: `127.0.0.1:${(taken.address() as AddressInfo).port}` }
  const inUse = `${busy.address} is in use by another program; choose another address or stop it`
  const folder = t.testdir()
  const within = (name: string): string => join(folder, name)
  const spool = { hold: { ...twoWorkers.hold, spool: { directory: 'none', size: '1GiB', keepFree: '0B' } } }
  const failures: readonly (readonly [name: string, over: Record<string, unknown>, said: string])[] = [
    ['listener', { listeners: [{ address: '127.0.0.1:0' }, busy] }, inUse],
    ['operations', { operations: busy }, inUse],
    ['spool', spool, `hold.spool.directory ${within('spool/none')} cannot be written to (ENOENT)`],
    ['audit', { audit: { file: 'none/a' } }, `ENOENT: no such file or directory, open '${within('audit/none/a')}'`],
  ]
  for (const [name, over, said] of failures) {
    const file = writeConfiguration(within(name), backend.url, { ...twoWorkers, ...over })
    const sluice = runSluice(t, ['serve', '-c', file])
    // It resolves when no process has the standard output any longer.
    t.same(await sluice.ended, { code: 1, signal: null }, name)
    t.equal(sluice.stderr(), `sluice: cannot start: ${said}\n`, name)
    t.equal(sluice.stdout(), '', name)
  }
})

t.test('the demo has workers too', async (t) => {
  const file = writeConfiguration(t.testdir(), '${env:SLUICE_DEMO_URL}', twoWorkers)
  const sluice = await serveSluice(t, ['--demo', '-c', file])
  t.equal(workersOf(sluice).length, 2)
  for (let count = 0; count < 4; count++) t.match((await ask(sluice.port, plainGet))?.body.toString(), 'no such page')
  sluice.kill('SIGINT')
  t.same(await sluice.ended, { code: 0, signal: null })
})

t.test('a worker that hangs is told, and what it counted stays', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), backend.url, twoWorkers)])
  for (let count = 0; count < 6; count++) await ask(sluice.port, plainGet)
  t.equal((await scrape(sluice)).sum('sluice_requests_total'), 6)
  const [hanging = 0] = workersOf(sluice)
  process.kill(hanging, 'SIGSTOP')
  const told = await scrape(sluice)
  t.equal(told.values.get('sluice_workers_unresponsive'), 1)
  t.equal(told.values.get('sluice_workers'), 2)
  t.equal(told.sum('sluice_requests_total'), 6)
  const unready = await readiness(sluice)
  t.match(unready, { status: 503, ready: false, checks: [{ name: 'workers', ok: false }] })
  t.match(unready.checks[0]?.detail, /^worker [12] does not answer$/)
  process.kill(hanging, 'SIGCONT')
  await eventually(async () => (await readiness(sluice)).ready)
  t.equal((await scrape(sluice)).values.get('sluice_workers_unresponsive'), 0)
})

t.test('audit lines of several processes are whole and complete, also across rotations', async (t) => {
  const folder = t.testdir()
  const file = writeConfiguration(folder, backend.url, twoWorkers)
  const sluice = await serveSluice(t, ['-c', file])
  const [audit, rotated] = [join(folder, 'audit.jsonl'), join(folder, 'audit.jsonl.1')]
  let sent = 0
  const load = async (): Promise<void> => {
    for (let count = 0; count < 40; count++) {
      const client = await openClient(sluice.port)
      for (let turn = 0; turn < 5; turn++) {
        sent += 1
        client.write(`GET /${sent}/${'x'.repeat(400)} HTTP/1.1\r\nHost: a\r\n\r\n`)
        await client.answer()
      }
      client.destroy()
    }
  }
  const rotate = async (): Promise<void> => {
    await eventually(() => sent > 300)
    renameSync(audit, rotated)
    await eventually(() => sent > 500)
    sluice.kill('SIGUSR2')
    await eventually(() => readdirSync(folder).includes('audit.jsonl'))
  }
  await Promise.all([load(), load(), load(), load(), rotate()])
  const told = await scrape(sluice)
  sluice.kill('SIGTERM')
  t.same(await sluice.ended, { code: 0, signal: null })
  const paths = [rotated, audit].flatMap((path) => {
    const lines = readFileSync(path, 'utf8').split('\n')
    t.equal(lines.pop(), '', 'the last line has an end')
    t.ok(lines.length > 0, path)
    return lines.map((line) => Number((JSON.parse(line) as { path: string }).path.split('/')[1]))
  })
  t.same(
    paths.sort((one, other) => one - other),
    Array.from({ length: sent }, (_, index) => index + 1),
  )
  t.ok((told.values.get('sluice_audit_lines_total{result="written"}') ?? 0) <= sent)
  t.equal(told.values.get('sluice_audit_lines_total{result="lost"}'), 0)
})

t.test('the quarantine of several processes has one size, one account and one reviewer', async (t) => {
  const folder = t.testdir()
  const described = { owner: 'a@b.example', expected: 'pictures', rollback: 'none' }
  const file = writeConfiguration(folder, backend.url, {
    ...twoWorkers,
    policies: { files: { extends: 'images', ...described, onRefused: 'quarantine' } },
    quarantine: { directory: 'quarantine', encrypt: 'x'.repeat(40), size: '1MiB', keepFree: '0B' },
    ledger: { file: 'ledger.jsonl' },
  })
  const sluice = await serveSluice(t, ['-c', file])
  const refused = uploadOf(randomBytes(100_000), 'a.exe').whole
  const answers = await Promise.all(Array.from({ length: 24 }, () => ask(sluice.port, refused)))
  t.ok(answers.every((answer) => answer?.status === 422))
  const told = await scrape(sluice)
  const kept = told.values.get('sluice_quarantine_requests_total{result="kept"}') ?? 0
  t.ok(kept > 5 && kept < 11, `${kept} are kept`)
  t.equal(told.values.get('sluice_quarantine_requests_total{result="full"}'), 24 - kept)
  t.equal(told.values.get('sluice_quarantine_entries'), kept)
  const held = join(folder, 'quarantine/held')
  const sizes = readdirSync(held).map((name) => statSync(join(held, name)).size)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  t.ok(bytes <= 1024 ** 2, `${bytes} bytes`)
  t.equal(told.values.get('sluice_quarantine_bytes'), bytes)
  t.equal(told.values.get('sluice_quarantine_limit_bytes'), 1024 ** 2)
  const listed = (await (await fetch(`${sluice.operationsUrl}/quarantine`)).json()) as { entries: { id: string }[] }
  t.equal(listed.entries.length, kept)
  const release = await fetch(`${sluice.operationsUrl}/quarantine/${listed.entries[0]?.id}/release`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ who: 'a', why: 'b' }),
  })
  t.match(await release.json(), { outcome: 'released' })
  const after = await scrape(sluice)
  t.equal(after.values.get('sluice_quarantine_ended_total{reason="released"}'), 1)
  t.equal(after.values.get('sluice_quarantine_entries'), kept - 1)
  t.equal((await ask(sluice.port, refused))?.status, 422)
  t.equal((await scrape(sluice)).values.get('sluice_quarantine_entries'), kept, 'there is room again')
})

t.test('a worker that takes the place of another has the configuration that the others have', async (t) => {
  const folder = t.testdir()
  writeFileSync(join(folder, 'token'), 'a token of the operators')
  const file = writeConfiguration(folder, backend.url, {
    ...twoWorkers,
    operations: { address: '127.0.0.1:0' },
    quarantine: { directory: 'quarantine', encrypt: '${file:token}-${env:PATH}-${file:token}' },
    ledger: { file: 'ledger.jsonl' },
  })
  const sluice = await serveSluice(t, ['-c', file])
  const before = await scrape(sluice)
  writeFileSync(file, 'version: 2\n')
  writeFileSync(join(folder, 'token'), '')
  const [victim = 0] = workersOf(sluice)
  process.kill(victim, 'SIGKILL')
  await eventually(async () => (await scrape(sluice)).values.get('sluice_worker_restarts_total') === 1)
  await eventually(async () => (await readiness(sluice)).ready)
  const infos = ({ values }: typeof before) =>
    [...values].filter(([series]) => series.startsWith('sluice_configuration_info'))
  t.same(infos(await scrape(sluice)), infos(before))
})
