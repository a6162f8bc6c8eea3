/** What happens when the process may not open as many files as it wants to. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { temporaryFolder } from '../support/daemons/daemon.ts'
import { missing } from '../support/daemons/installed.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { openClient, type RawClient } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'
import { runSluice, serveSluice, writeConfiguration } from '../support/sluice-process.ts'

const skip = missing('prlimit')
const get = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n'
/** More than the memory takes. */
const form = formBody('b', [{ name: 'f', filename: 'f.txt', content: Buffer.alloc(300_000, 'text ') }])
const head = `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${form.length}\r\n\r\n`
const post = Buffer.concat([Buffer.from(head), form])

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

async function answered(client: RawClient, bytes: string | Buffer): Promise<[status?: number, id?: string]> {
  client.write(bytes)
  const answer = await client.answer()
  if (!answer) return []
  return answer.status === 200 ? [200] : [answer.status, JSON.parse(answer.body.toString()).problems[0].id]
}

function descriptors(pid: number): number[] {
  return readdirSync(`/proc/${pid}/fd`).map(Number)
}

t.test('without descriptors, requests are refused; with some, all goes on', { skip }, async (t) => {
  const gateway = await serveSluice(t, ['-c', writeConfiguration(temporaryFolder(t, 'files'), backend.url)])
  const open = async (): Promise<RawClient> => {
    const client = await openClient(gateway.port)
    t.teardown(() => client.destroy())
    return client
  }
  const limit = (files: number): void => {
    execFileSync('prlimit', ['--pid', String(gateway.pid), `--nofile=${files}:`])
  }
  const client = await open()
  const sender = await open()
  t.same(await answered(client, get), [200])
  t.same(await answered(sender, get), [200])
  await fetch(`${gateway.operationsUrl}/metrics`, { headers: { connection: 'close' } })
  await backend.idle()
  // It is a limit of their numbers, so the free ones below the highest have to go first.
  const most = Math.max(...descriptors(gateway.pid)) + 1
  limit(most)
  for (let count = descriptors(gateway.pid).length; count < most; count++) {
    await open()
    while (descriptors(gateway.pid).length === count) await delay(10)
  }
  t.same(await answered(client, get), [503, 'admission.files'], 'there is none for a connection to the backend')
  t.same(await answered(sender, post), [503, 'admission.files'], 'nor for a file of the spool')
  const late: (number | undefined)[] = []
  for (let turn = 0; turn < 50; turn++) late.push((await answered(await open(), get))[0])
  t.notOk(late.includes(200), 'the system has closed them; one took the place of the upload, and was told')
  t.same(await answered(client, get), [503, 'admission.files'], 'it is still there')
  limit(1000)
  t.same(await answered(client, get), [200])
  t.same(await answered(await open(), get), [200])
  t.same(await answered(await open(), post), [200])
  const kept = await gauge(gateway, 'sluice_upstream_errors_total{upstream="backend",kind="files"}')
  t.ok((kept ?? 0) >= 2, 'no backend is to blame')
})

t.test('with a low limit, there are fewer connections, they are told, and it is said', { skip }, async (t) => {
  const file = writeConfiguration(temporaryFolder(t, 'files'), backend.url, {
    admission: { connections: { perClient: 10_000 } },
  })
  const low = ['prlimit', '--nofile=1024:1024']
  const gateway = await serveSluice(t, ['-c', file], low)
  await gateway.logs('the process may open fewer files than its configuration can need')
  const most = (await gauge(gateway, 'sluice_connections_limit')) ?? 0
  t.ok(most > 100 && most < 500, `${most} connections`)
  const clients: RawClient[] = []
  backend.answer = ({ target }) => (target === '/held' ? null : plainAnswer('thanks'))
  for (let count = 0; count < most; count++) {
    const client = await openClient(gateway.port)
    client.write(get.replace('/a', '/held'))
    clients.push(client)
  }
  const refused = await openClient(gateway.port)
  t.same(await answered(refused, get), [503, 'admission.connections'])
  t.ok(
    clients.every(({ ended }) => ended === null),
    'nobody else was closed',
  )
  t.ok(readdirSync(`/proc/${gateway.pid}/fd`).length < 1024)
  for (const client of [refused, ...clients]) client.destroy()
  const doctor = runSluice(t, ['doctor', '-c', file], low)
  await doctor.ended
  t.match(
    doctor.stdout(),
    /^warn {2}open files +only 1024 may be open, and 1\d{4} can be needed: there will be \d+ conn/m,
  )
  t.match(doctor.stdout(), /^ +fix: raise the limit to 1\d{4} \(LimitNOFILE of systemd/m)
})

t.test('uploads are refused before their body is read when no more may be on disk', { skip }, async (t) => {
  const file = writeConfiguration(temporaryFolder(t, 'files'), backend.url)
  const gateway = await serveSluice(t, ['-c', file], ['prlimit', '--nofile=1024:1024'])
  const [, spool] = /"spool":([0-9]+)/.exec(gateway.stdout() + gateway.stderr()) ?? []
  const most = Number(spool)
  t.ok(most > 50 && most < 150, `${most} uploads on disk`)
  const clients: RawClient[] = []
  for (let count = 0; count < most + 20; count++) {
    const client = await openClient(gateway.port)
    client.write(head)
    clients.push(client)
  }
  await until(gateway, 'sluice_problems_total{id="admission.files"}', 20)
  await until(gateway, 'sluice_uploads_in_flight', most)
  const plain = await openClient(gateway.port)
  t.same(await answered(plain, get), [200], 'plain traffic has its descriptors')
  const refused = clients.filter(({ received }) => received.length > 0)
  t.equal(refused.length, 20)
  for (const client of refused) t.same(await answered(client, ''), [503, 'admission.files'])
  for (const client of [plain, ...clients]) client.destroy()
  await until(gateway, 'sluice_uploads_in_flight', 0)
  const next = await openClient(gateway.port)
  t.same(await answered(next, post), [200], 'places are given back')
  next.destroy()
})
