import t from 'tap'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient } from '../support/raw-client.ts'
import { serveSluice, writeConfiguration } from '../support/sluice-process.ts'
import { eventually, scrape, twoWorkers, workersOf } from '../support/workers.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

const limits = {
  requests: { key: 'client', rate: '20/h' },
  'at-once': { key: 'client', concurrent: 4 },
}
const routes = [
  { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'files', limits: ['requests', 'at-once'] },
  { path: '/**', upstream: 'backend' },
]
const started =
  'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 500\r\n\r\n'

async function upload(url: string): Promise<Response> {
  const form = new FormData()
  form.append('file', new File(['content'], 'a.txt'))
  const response = await fetch(`${url}/upload`, { method: 'POST', body: form, headers: { connection: 'close' } })
  await response.arrayBuffer()
  return response
}

t.test('workers keep one limit together, and the places of one that dies are given back', async (t) => {
  const sluice = await serveSluice(t, [
    '-c',
    writeConfiguration(t.testdir(), backend.url, { ...twoWorkers, limits, routes }),
  ])
  const held = []
  for (const _ of [1, 2, 3, 4]) {
    const client = await openClient(sluice.port)
    client.write(started)
    held.push(client)
  }
  await eventually(async () => (await scrape(sluice)).values.get('sluice_uploads_in_flight') === 4)
  const fifth = await openClient(sluice.port)
  fifth.write(started)
  t.match(JSON.parse((await fifth.answer('POST'))?.body.toString() ?? ''), { problems: [{ id: 'limit.concurrent' }] })
  const [worker = 0] = workersOf(sluice)
  process.kill(worker, 'SIGKILL')
  await Promise.race(held.map((client) => client.closed()))
  await eventually(async () => (await scrape(sluice)).values.get('sluice_worker_restarts_total') === 1)
  await eventually(async () => (await scrape(sluice)).values.get('sluice_workers') === 2)
  const statuses: number[] = []
  for (let index = 0; index < 22; index++) statuses.push((await upload(sluice.url)).status)
  t.strictSame(
    statuses,
    [...Array(16).fill(200), ...Array(6).fill(429)],
    'the four that were held are counted, the one that was refused is not',
  )
  const asked = await fetch(`${sluice.url}/.well-known/upload-policy?path=/upload`)
  t.match(await asked.json(), {
    limits: [
      { name: 'requests', unit: 'requests', key: 'client', required: false, quota: 20, window: 3600, remaining: 0 },
      { name: 'at-once', unit: 'concurrent', quota: 4, window: null, remaining: 2 },
    ],
  })
})
