import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hashOf } from '../../src/config/snapshot.ts'
import { benchOf, folderOf, textOf } from '../support/changes-bench.ts'
import { freePort } from '../support/free-port.ts'
import { startGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient } from '../support/raw-client.ts'
import { type SluiceGateway, serveSluice, writeConfiguration } from '../support/sluice-process.ts'
import { eventually, logOf, readiness, twoWorkers, workersOf } from '../support/workers.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

const by = { who: 'ada', why: 'what the test says' }
const application = { ...by, expected: null, window: 3_600_000, trial: null, guards: [] }

/** Accepts connections and says nothing; the result is its port. */
async function silentServer(t: Test): Promise<number> {
  const server = createServer((socket) => {
    t.teardown(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

t.test('a stop does not wait for a scanner to be proved, and leaves no listener of what was proved', async (t) => {
  const sluice = await startGateway({ upstream: backend.url })
  const clamd = { type: 'clamd', address: `127.0.0.1:${await silentServer(t)}` }
  const other = await freePort()
  const listeners = [{ address: '127.0.0.1:0' }, { address: `127.0.0.1:${other}` }]
  const changing = sluice.change({ scanners: { clamd }, listeners })
  await sluice.close()
  t.match((await changing).outcome, { changed: false, why: 'the gateway is stopping' })
  await t.rejects(openClient(other))
})

t.test('changes that cannot be had leave nothing behind', async (t) => {
  const sluice = await startGateway({ upstream: backend.url })
  t.teardown(() => sluice.close())
  const taken = await silentServer(t)
  const hindered = (turn: number) => ({
    inspection: { timeout: `${turn + 5}s` },
    upstreams: { backend: { urls: ['http://127.0.0.1:9'], health: { path: '/', every: '1s' } } },
    listeners: ['127.0.0.1:0', '127.0.0.3:0', `127.0.0.1:${taken}`].map((address) => ({ address })),
  })
  const open = () => ['fd', 'task'].map((kind) => readdirSync(`/proc/self/${kind}`).length)
  await sluice.change(hindered(0))
  const before = open()
  for (let turn = 1; turn <= 3; turn++)
    t.match((await sluice.change(hindered(turn))).outcome, { changed: false, why: /in use/ })
  await eventually(async () => open().every((count, index) => count <= (before[index] ?? 0)))
})

t.test('a ledger finds its file, whatever its folder is called', async (t) => {
  for (const name of ['straße', 'family \u{1F468}\u200D\u{1F469}', 'x\u0001y']) {
    const folder = join(folderOf(t), name)
    mkdirSync(folder)
    const { changes } = await benchOf(t, folder)
    t.match(await changes.apply({ ...application, text: textOf('2MiB') }), { outcome: 'applied', number: 2 }, name)
    t.equal((await changes.history()).length, 2)
  }
})

t.test('an edit of the file that a confirmed trial replaces is kept', async (t) => {
  const { changes, file, folder, text } = await benchOf(t)
  await changes.apply({ ...application, text: textOf('2MiB'), trial: 60_000 })
  const edit = `# not applied yet\n${textOf('9MiB')}`
  writeFileSync(file, edit)
  t.match(await changes.confirm(by), { outcome: 'confirmed', number: 2 })
  t.equal(text(), textOf('2MiB'))
  t.equal((await changes.history())[1]?.overwritten, hashOf(edit))
  await changes.apply({ ...application, text: textOf('3MiB') })
  const kept = join(folder, 'ledger.jsonl.configurations', `${hashOf(edit)}.yaml`)
  t.equal(readFileSync(kept, 'utf8'), edit, 'also when others are removed')
})

t.test('a worker that begins during two changes has the second, and is not lost by it', async (t) => {
  const folder = t.testdir()
  const other = `127.0.0.1:${await freePort()}`
  const { process: several } = twoWorkers
  const configure = (drain: string, added: readonly string[]) =>
    writeConfiguration(folder, backend.url, {
      ...twoWorkers,
      process: { ...several, drain },
      listeners: ['127.0.0.1:0', ...added].map((address) => ({ address })),
    })
  const sluice = await serveSluice(t, ['-c', configure('1s', [])])
  const [first = 0] = workersOf(sluice)
  process.kill(first, 'SIGKILL')
  await sluice.logs('a worker ended and is replaced')
  for (const drain of ['2s', '3s']) {
    configure(drain, [other])
    t.match(await reload(sluice), { outcome: 'applied' })
  }
  await eventually(async () => (await readiness(sluice)).ready)
  configure('4s', [])
  t.match(await reload(sluice), { outcome: 'applied' })
  t.equal(logOf(sluice).filter(({ msg }) => msg?.startsWith('a worker ended')).length, 1)
})

async function reload({ operationsUrl }: SluiceGateway): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(by) }
  return (await fetch(`${operationsUrl}/configuration/reload`, init)).json()
}
