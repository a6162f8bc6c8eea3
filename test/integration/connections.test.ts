import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { checkOpenFiles } from '../../src/commands/doctor/open-files.ts'
import { loadConfiguration } from '../../src/config/load.ts'
import { startGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openMany } from '../support/many-connections.ts'
import { openClient } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'
import { serveSluice, writeConfiguration } from '../support/sluice-process.ts'

async function setUp(t: Test, connections: object, clients: object = {}) {
  const backend = await startBackend(() => plainAnswer('thanks'))
  const gateway = await startGateway({ upstream: backend.url, admission: { connections }, configuration: { clients } })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  return { backend, gateway }
}

const get = 'GET /page HTTP/1.1\r\nHost: a\r\n\r\n'

t.test('a client beyond its cap is told, before it has asked anything, and others are not', async (t) => {
  const { gateway, backend } = await setUp(t, { perClient: 3 })
  const mine = []
  for (const _ of [1, 2, 3]) mine.push(await openClient(gateway.port))
  await until(gateway, 'sluice_connections_open', 3)
  const fourth = await openClient(gateway.port)
  fourth.write(get)
  const answer = await fourth.answer()
  t.match(answer, { status: 503 })
  t.match(JSON.parse(answer?.body.toString() ?? ''), {
    problems: [{ id: 'admission.connections', failed: /this address/ }],
    retry: { safe: true, useful: true, after: Number },
  })
  t.equal(await fourth.closed(), 'end', 'it can read its answer')
  t.equal(backend.seen.length, 0)
  t.equal(await gauge(gateway, 'sluice_connections_refused_total{cap="client"}'), 1)
  const other = connect({ port: gateway.port, host: '127.0.0.1', localAddress: '127.0.0.2' })
  other.write(get)
  t.match(String((await once(other, 'data'))[0]), /^HTTP\/1.1 200/)
  other.destroy()
  mine[0]?.socket.destroy()
  await until(gateway, 'sluice_connections_open', 2)
  const again = await openClient(gateway.port)
  again.write(get)
  t.match(await again.answer(), { status: 200 })
  for (const client of [...mine, again]) client.socket.destroy()
})

t.test('trusted proxies have no cap of their own', async (t) => {
  const { gateway } = await setUp(t, { perClient: 1 }, { trustedProxies: ['127.0.0.1'] })
  for (const _ of [1, 2, 3]) {
    const client = await openClient(gateway.port)
    client.write(get)
    t.match(await client.answer(), { status: 200 })
    t.teardown(() => client.socket.destroy())
  }
})

t.test('at the bound of all, idle connections make room, and busy ones do not', async (t) => {
  const { gateway } = await setUp(t, { total: 3 })
  const idle = await openClient(gateway.port)
  idle.write(get)
  t.match(await idle.answer(), { status: 200 })
  const busy = [await openClient(gateway.port), await openClient(gateway.port)]
  const started =
    'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 500\r\n\r\n'
  for (const client of busy) client.write(started)
  await until(gateway, 'sluice_uploads_in_flight', 2)
  const newcomer = await openClient(gateway.port)
  newcomer.write(started)
  await until(gateway, 'sluice_uploads_in_flight', 3)
  t.equal(await idle.closed(), 'end', 'the idle one had to go')
  t.equal(await gauge(gateway, 'sluice_connections_reclaimed_total'), 1)
  const late = await openClient(gateway.port)
  t.match(await late.answer(), { status: 503 })
  t.equal(await gauge(gateway, 'sluice_connections_refused_total{cap="total"}'), 1)
  for (const client of [...busy, newcomer]) client.socket.destroy()
  await until(gateway, 'sluice_connections_open', 0)
})

t.test('a flood of connections is bounded, and leaves nothing', async (t) => {
  const { gateway } = await setUp(t, { total: 50, perClient: 20 })
  const before = readdirSync('/proc/self/fd').length
  for (let round = 0; round < 4; round++) {
    const flood = await openMany(gateway.port, 500, (socket) => socket.resume().write(get))
    for (const [index, socket] of flood.entries()) {
      if (index % 3 === 0) socket.resetAndDestroy()
      else socket.destroy()
    }
    await until(gateway, 'sluice_connections_open', 0)
  }
  const client = await openClient(gateway.port)
  client.write(get)
  t.match(await client.answer(), { status: 200 })
  client.socket.destroy()
  await until(gateway, 'sluice_connections_open', 0)
  while (readdirSync('/proc/self/fd').length > before + 5) await new Promise(setImmediate)
})

t.test('the doctor compares the limit of open files with what can be needed', (t) => {
  const file = writeConfiguration(t.testdir({}), 'http://127.0.0.1:1', {
    admission: { connections: { total: 100 }, uploads: { active: 10 } },
  })
  const loaded = loadConfiguration(file, {})
  if (!loaded.ok) throw new Error('the configuration is refused')
  const { configuration } = loaded.snapshot
  t.match(checkOpenFiles(configuration, 1144), [{ level: 'ok' }])
  t.match(checkOpenFiles(configuration, 1143), [{ level: 'warn', fix: /LimitNOFILE=1144/ }])
  t.same(checkOpenFiles(configuration, null), [])
  t.end()
})

t.test('without open files left the gateway lives on, and recovers', async (t) => {
  const backend = await startBackend(() => plainAnswer('thanks'))
  t.teardown(() => backend.close())
  const file = writeConfiguration(t.testdir({}), backend.url)
  const gateway = await serveSluice(t, ['-c', file], ['sh', '-c', 'ulimit -n 120; exec "$@"', 'sh'])
  t.match(gateway.stdout() + gateway.stderr(), /limit of open files is lower/)
  const flood = await openMany(gateway.port, 300, (socket) => socket.resume())
  const form = (): FormData => {
    const data = new FormData()
    data.append('file', new File(['x'.repeat(200_000)], 'a.txt'))
    return data
  }
  for (let index = 0; index < 20; index++) {
    const outcome = await fetch(`${gateway.url}/upload`, {
      method: 'POST',
      body: form(),
      signal: AbortSignal.timeout(5000),
    }).then(
      async (response) => ({ status: response.status, body: await response.text() }),
      () => null,
    )
    if (outcome !== null) t.ok([200, 503].includes(outcome.status), outcome.body)
  }
  for (const socket of flood) socket.destroy()
  while ((await fetch(`${gateway.url}/page`).catch(() => null))?.status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal((await fetch(`${gateway.url}/upload`, { method: 'POST', body: form() })).status, 200)
})

function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

/** What one connection may cost, in bytes; measured: 19,000, half of them with a header that never ends. */
const perConnection = 30_000

t.test('ten thousand connections that say little are held, and others are served', async (t) => {
  const backend = await startBackend(() => plainAnswer('thanks'))
  t.teardown(() => backend.close())
  const file = writeConfiguration(t.testdir({}), backend.url, { admission: { headers: '10m' } })
  const gateway = await serveSluice(t, ['-c', file])
  for (let index = 0; index < 200; index++) await (await fetch(`${gateway.url}/page`)).text()
  const before = residentOf(gateway.pid)
  const count = 10_000
  const sockets = await openMany(gateway.port, count, (socket, index) => {
    if (index % 2 === 0) socket.write('GET /page HT')
  })
  await until(gateway, 'sluice_connections_open', count)
  for (let beat = 0; beat < 3; beat++)
    for (const [index, socket] of sockets.entries()) if (index % 2 === 0) socket.write('T')
  const form = new FormData()
  form.append('file', new File(['content'], 'a.txt'))
  for (let index = 0; index < 20; index++) {
    t.equal((await fetch(`${gateway.url}/page`)).status, 200)
    t.equal((await fetch(`${gateway.url}/upload`, { method: 'POST', body: form })).status, 200)
  }
  const grown = residentOf(gateway.pid) - before
  t.ok(grown < count * perConnection, `${Math.round(grown / count)} bytes a connection`)
  for (const socket of sockets) socket.destroy()
  // Those of fetch are kept.
  while (((await gauge(gateway, 'sluice_connections_open')) ?? count) > 20) await new Promise(setImmediate)
})
