import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { png } from '../support/files.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { ask, openClient } from '../support/raw-client.ts'
import { type SluiceGateway, serveSluice, writeConfiguration } from '../support/sluice-process.ts'
import { eventually, logOf, readiness, scrape, twoWorkers, uploadOf, workersOf } from '../support/workers.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

const lax = { extends: 'anything', owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }
const taking = (type: string) => ({
  ...twoWorkers,
  policies: { test: { ...lax, files: { types: [type] } } },
  routes: [{ path: '/**', upstream: 'backend', policy: 'test' }],
})
const picture = uploadOf(png(), 'p.png')

async function hashOf(sluice: SluiceGateway): Promise<string[]> {
  const { values } = await scrape(sluice)
  return [...values.keys()].filter((series) => series.startsWith('sluice_configuration_info'))
}

/** So many that each worker has some. */
async function answers(sluice: SluiceGateway): Promise<Set<number | undefined>> {
  const statuses = new Set<number | undefined>()
  for (let count = 0; count < 8; count++) statuses.add((await ask(sluice.port, picture.whole))?.status)
  return statuses
}

t.test('SIGHUP changes the configuration of all workers, or of none', async (t) => {
  const folder = t.testdir()
  const file = writeConfiguration(folder, backend.url, taking('png'))
  const sluice = await serveSluice(t, ['-c', file])
  const pids = workersOf(sluice)
  const begun = await openClient(sluice.port)
  begun.write(Buffer.concat([picture.head, picture.body.subarray(0, 50)]))
  await eventually(async () => (await scrape(sluice)).values.get('sluice_uploads_in_flight') === 1)

  writeConfiguration(folder, backend.url, taking('pdf'))
  sluice.kill('SIGHUP')
  await sluice.logs('another configuration is in force')
  t.same(await answers(sluice), new Set([415]))
  t.equal((await hashOf(sluice)).length, 1)
  begun.write(picture.body.subarray(50))
  t.equal((await begun.answer('POST'))?.status, 200, 'an upload ends as it began')
  begun.destroy()
  t.same(workersOf(sluice), pids, 'in the same processes')

  const faulty = { ...taking('png'), listeners: [{ address: 'nowhere' }] }
  writeConfiguration(folder, backend.url, faulty)
  sluice.kill('SIGHUP')
  await sluice.logs('configuration.faulty')
  const hold = { ...twoWorkers.hold, spool: { ...twoWorkers.hold.spool, directory: 'gone' } }
  writeConfiguration(folder, backend.url, { ...taking('png'), hold })
  rmSync(join(folder, 'gone'), { recursive: true, force: true })
  sluice.kill('SIGHUP')
  await sluice.logs('cannot be written to')
  t.same(await answers(sluice), new Set([415]), 'what was in force is')
  t.same(workersOf(sluice), pids)
  t.equal(logOf(sluice).filter(({ msg }) => msg === 'a change of the configuration is refused').length, 2)

  mkdirSync(join(folder, 'gone'))
  sluice.kill('SIGHUP')
  await eventually(async () => (await answers(sluice)).has(200))
  t.same(await answers(sluice), new Set([200]))
})

t.test('a worker that takes the place of another has the configuration that is in force', async (t) => {
  const folder = t.testdir()
  const file = writeConfiguration(folder, backend.url, taking('png'))
  const sluice = await serveSluice(t, ['-c', file])
  writeConfiguration(folder, backend.url, taking('pdf'))
  sluice.kill('SIGHUP')
  await sluice.logs('another configuration is in force')
  // What the file says in the meantime is nobody's business until the next signal.
  writeConfiguration(folder, backend.url, taking('txt'))
  for (const [index, pid] of workersOf(sluice).entries()) {
    process.kill(pid, 'SIGKILL')
    await eventually(async () => (await scrape(sluice)).values.get('sluice_worker_restarts_total') === index + 1)
    await eventually(async () => (await readiness(sluice)).ready)
  }
  t.same(await answers(sluice), new Set([415]))
  t.equal((await hashOf(sluice)).length, 1)
})
