import { readFileSync } from 'node:fs'
import t from 'tap'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openMany } from '../support/many-connections.ts'
import { gauge, until } from '../support/scrape.ts'
import { serveSluice, writeConfiguration } from '../support/sluice-process.ts'

t.test('without open files left the gateway lives on, and recovers', async (t) => {
  const backend = await startBackend(() => plainAnswer('thanks'))
  t.teardown(() => backend.close())
  const file = writeConfiguration(t.testdir({}), backend.url)
  const gateway = await serveSluice(t, ['-c', file], ['sh', '-c', 'ulimit -n 120; exec "$@"', 'sh'])
  t.match(gateway.stdout(), /may open fewer files/)
  const flood = await openMany(gateway.port, 300, (socket) => socket.resume())
  const form = (): FormData => {
    const data = new FormData()
    data.append('file', new File(['x'.repeat(200_000)], 'a.txt'))
    return data
  }
  for (let index = 0; index < 6; index++) {
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
  const file = writeConfiguration(t.testdir({}), backend.url, {
    admission: { headers: '10m', connections: { total: 11_000 } },
  })
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
  for (let index = 0; index < 6; index++) {
    t.equal((await fetch(`${gateway.url}/page`)).status, 200)
    t.equal((await fetch(`${gateway.url}/upload`, { method: 'POST', body: form })).status, 200)
  }
  const grown = residentOf(gateway.pid) - before
  t.ok(grown < count * perConnection, `${Math.round(grown / count)} bytes a connection`)
  for (const socket of sockets) socket.destroy()
  // Those of fetch are kept.
  while (((await gauge(gateway, 'sluice_connections_open')) ?? count) > 20) await new Promise(setImmediate)
})
