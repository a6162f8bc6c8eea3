import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { drain, Listener } from '../../src/path/1-connection/listeners.ts'
import { createHttpServer, type Exchange } from '../../src/path/1-connection/server.ts'
import { run } from '../support/clients/protocol.ts'
import { pdf, png } from '../support/files.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { ask, openClient } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'
import { runSluice, serveSluice, writeConfiguration } from '../support/sluice-process.ts'
import { smallFileSystem, smallFiles } from '../support/small-disk.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
t.teardown(() => backend.close())

/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:9'

function head(length: number, path = '/upload', type = 'multipart/form-data; boundary=b'): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`
}

function upload(size: number): { whole: Buffer; head: Buffer; body: Buffer } {
  const body = formBody('b', [{ name: 'f', filename: 'f.bin', content: randomBytes(size) }])
  return { whole: Buffer.concat([Buffer.from(head(body.length)), body]), head: Buffer.from(head(body.length)), body }
}

interface Problem {
  readonly problems: readonly { readonly id: string }[]
  readonly retry: { readonly safe: boolean; readonly useful: boolean }
}

function problemIn(answer: { readonly body: Buffer } | null): Problem {
  return JSON.parse(answer?.body.toString() ?? '{"problems":[]}') as Problem
}

interface AuditEntry {
  readonly requestId: string
  readonly outcome: string
  readonly status: number | null
  readonly problems: readonly { readonly id: string }[]
}

/** Throws on a line that is no JSON. */
function auditEntries(file: string): AuditEntry[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  return lines.map((line) => JSON.parse(line) as AuditEntry)
}

async function accepts(port: number): Promise<boolean> {
  const client = await openClient(port).catch(() => null)
  client?.destroy()
  return client !== null
}

/** What the file descriptors of a process lead to. */
function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(join(folder, fd))]
    } catch {
      return []
    }
  })
}

const brokenConfiguration = `version: 1
listners: []
routes:
  - { path: upload, upstream: nobody }
`
const brokenFaults = [
  '1:1: upstreams: found nothing, expected upstreams by name',
  '2:1: found the key "listners", expected one of version, listeners, clients, operations, process, hold, admission, inspection, state, scanners, limits, upstreams, policies, routes, … (did you mean listeners?)',
  '4:13: routes[0].path: found "upload", expected a path such as /upload, /claims/*/files or /static/** (* is one segment, ** is all the rest)',
  '4:31: routes[0].upstream: found "nobody", expected the name of an upstream (there is none)',
]

t.test('it announces where it listens, relays, and ends in order', async (t) => {
  const file = writeConfiguration(t.testdir(), backend.url, {
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
  for (const [url] of sluice.stderr().matchAll(/http:\S+\d(?=\n)/g))
    t.equal(await (await fetch(url)).text(), 'thanks', url)
  sluice.kill('SIGTERM')
  t.same(await sluice.ended, { code: 0, signal: null })
  const log = sluice
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly msg: string })
  t.match(log.at(-2), { level: 'info', msg: 'stopping: no new connections are accepted', signal: 'SIGTERM' })
  t.match(log.at(-1), { level: 'info', msg: 'stopped' })
})

t.test('what keeps it from starting is said, and nothing goes on running', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const busy = { address: `127.0.0.1:${(taken.address() as AddressInfo).port}` }
  const inUse = `${busy.address} is in use by another program; choose another address or stop it`
  const folder = t.testdir({ locked: {}, broken: { 'sluice.yaml': brokenConfiguration } })
  chmodSync(join(folder, 'locked'), 0o500)
  const within = (name: string): string => join(folder, name)
  const spool = (directory: string) => ({ hold: { spool: { directory } } })
  const failures: readonly (readonly [name: string, over: Record<string, unknown>, said: string])[] = [
    ['listener', { listeners: [{ address: '127.0.0.1:0' }, busy] }, inUse],
    ['operations', { operations: busy }, inUse],
    ['address', { listeners: [{ address: '192.0.2.1:8080' }] }, '192.0.2.1:8080 is no address of this machine'],
    ['missing', spool('none'), `hold.spool.directory ${within('missing/none')} cannot be written to (ENOENT)`],
    ['locked', spool('.'), `hold.spool.directory ${within('locked')} cannot be written to (EACCES)`],
    ['audit', { audit: { file: 'none/a' } }, `ENOENT: no such file or directory, open '${within('audit/none/a')}'`],
  ]
  // The administrator may write everywhere, unless the capability is taken away.
  const asAnybody = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []
  const start = async (name: string, args: readonly string[], stderr: string): Promise<void> => {
    const sluice = runSluice(t, ['serve', '--demo', ...args], asAnybody)
    t.same(await sluice.ended, { code: 1, signal: null }, name)
    t.equal(sluice.stderr(), stderr, name)
    t.equal(sluice.stdout(), '', name)
  }
  const broken = within('broken/sluice.yaml')
  await Promise.all([
    start('broken', ['-c', broken], brokenFaults.map((fault) => `${broken}:${fault}\n`).join('')),
    ...failures.map(([name, over, said]) => {
      const file = writeConfiguration(within(name), backend.url, over)
      return start(name, ['-c', file], `sluice: cannot start: ${said}\n`)
    }),
  ])
})

t.test('without a reachable backend it starts, and says the truth about a retry', async (t) => {
  const sluice = await serveSluice(t, ['-c', writeConfiguration(t.testdir(), nowhere)])
  for (const bytes of [upload(100).whole, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n']) {
    const answer = await ask(sluice.port, bytes)
    t.equal(answer?.status, 502)
    const retry = { safe: true, useful: true }
    t.match(problemIn(answer), { problems: [{ id: 'upstream.unreachable' }], retry })
  }
})

t.test('on SIGTERM what is in flight ends, and nothing waits for the time to be over', async (t) => {
  const file = writeConfiguration(t.testdir(), backend.url, { process: { drain: '10m' } })
  const sluice = await serveSluice(t, ['-c', file])
  const { head, body } = upload(50_000)
  const idle = await openClient(sluice.port)
  idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.equal((await idle.answer())?.status, 200)
  const client = await openClient(sluice.port)
  client.write(Buffer.concat([head, body.subarray(0, 30_000)]))
  await until(sluice, 'sluice_uploads_in_flight', 1)
  sluice.kill('SIGTERM')
  await sluice.logs('stopping')
  while (await accepts(sluice.port)) await delay(20)
  t.equal(await idle.closed(), 'end')
  client.write(body.subarray(30_000))
  t.equal((await client.answer('POST'))?.body.toString(), 'thanks')
  t.same(await sluice.ended, { code: 0, signal: null }, 'although the client would have kept its connection')
})

t.test('an answer that is on its way to a slow client when the stop begins arrives whole', async (t) => {
  const answer = Buffer.alloc(20_000_000, 'x')
  const exchange = async ({ response }: Exchange): Promise<void> => void response.end(answer)
  const server = createHttpServer({ headers: 1000 }, { exchange, upgrade: async () => {}, malformed: () => {} })
  const listener = new Listener(server, { host: '127.0.0.1', port: 0 })
  await listener.open()
  const client = connect(listener.address.port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(server, 'request')
  const drained = drain([listener], new AbortController(), 600_000)
  await delay(300)
  let received = 0
  for await (const chunk of client) received += (chunk as Buffer).length
  t.ok(received > answer.length, `${received} bytes came`)
  await drained
})

const handshake =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

t.test('what is still in flight when the time is over is told so', async (t) => {
  const hanging = await startBackend(() => null)
  t.teardown(() => hanging.close())
  const file = writeConfiguration(t.testdir(), hanging.url, { process: { drain: '300ms' } })
  const sluice = await serveSluice(t, ['-c', file])
  const sent = upload(100).whole
  const rows: readonly (readonly [name: string, bytes: Buffer | string, safe: boolean])[] = [
    ['a stalled upload', upload(1000).whole.subarray(0, 500), true],
    ['a stalled body that is relayed', `${head(1000, '/', 'text/plain')}some`, false],
    ['an upload that the backend has', sent, false],
    ['a request without a body', 'GET /thinking HTTP/1.1\r\nHost: a\r\n\r\n', false],
    ['a WebSocket handshake', `GET /chat HTTP/1.1\r\nHost: a\r\n${handshake}\r\n`, false],
  ]
  const clients = await Promise.all(
    rows.map(async ([, bytes]) => {
      const client = await openClient(sluice.port)
      client.write(bytes)
      return client
    }),
  )
  await until(sluice, 'sluice_uploads_in_flight', 2)
  await hanging.receives('some')
  await hanging.receives('form-data')
  await hanging.receives('/thinking')
  await hanging.receives('/chat')
  sluice.kill('SIGINT')
  for (const [index, [name, , safe]] of rows.entries()) {
    const answer = await clients[index]?.answer('POST')
    t.equal(answer?.status, 503, name)
    t.match(problemIn(answer ?? null), { problems: [{ id: 'gateway.stopping' }], retry: { safe, useful: true } }, name)
  }
  t.same(await sluice.ended, { code: 0, signal: null })
})

t.test('a second signal ends it at once, and kill -9 leaves no file in the spool', async (t) => {
  const folder = t.testdir()
  const endings: readonly (readonly NodeJS.Signals[])[] = [
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
    ['SIGKILL'],
  ]
  const end = async (signals: readonly NodeJS.Signals[]): Promise<void> => {
    const own = join(folder, signals.join('-'))
    const sluice = await serveSluice(t, ['-c', writeConfiguration(own, backend.url, { process: { drain: '10m' } })])
    const spool = join(own, 'spool')
    const client = await openClient(sluice.port)
    client.write(upload(2_000_000).whole.subarray(0, 1_500_000))
    await until(sluice, 'sluice_uploads_in_flight', 1)
    while (!openFiles(sluice.pid).some((path) => path.startsWith(spool))) await delay(20)
    t.same(readdirSync(spool), [], 'the spool file has no name')
    const [first = 'SIGKILL', second] = signals
    sluice.kill(first)
    if (second) await sluice.logs('stopping')
    if (second) sluice.kill(second)
    t.same(await sluice.ended, { code: null, signal: second ?? first }, signals.join())
    t.same(readdirSync(spool), [])
    client.destroy()
  }
  await Promise.all(endings.map(end))
})

t.test('SIGUSR2 opens the audit file anew', async (t) => {
  const folder = t.testdir()
  const sluice = await serveSluice(t, ['-c', writeConfiguration(folder, backend.url)])
  const [file, rotated] = [join(folder, 'audit.jsonl'), join(folder, 'audit.jsonl.1')]
  const get = async (path: string) => (await fetch(sluice.url + path)).text()
  await get('/one')
  renameSync(file, rotated)
  await get('/two')
  sluice.kill('SIGUSR2')
  while (!existsSync(file)) await delay(20)
  await get('/three')
  sluice.kill('SIGTERM')
  t.same(await sluice.ended, { code: 0, signal: null })
  t.match(auditEntries(rotated), [{ path: '/one' }, { path: '/two' }])
  t.match(auditEntries(file), [{ path: '/three' }])
})

t.test('every ending of a request leaves one audit line', async (t) => {
  const folder = t.testdir()
  const routes = [
    { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'pictures' },
    { path: '/gone', upstream: 'gone' },
    { path: '/**', upstream: 'backend' },
  ]
  const upstreams = { backend: { urls: [backend.url] }, gone: { urls: [nowhere] } }
  const policies = { pictures: { extends: 'images', owner: 'a@b.example', expected: 'pictures', rollback: 'none' } }
  const file = writeConfiguration(folder, backend.url, { upstreams, policies, routes })
  const sluice = await serveSluice(t, ['-c', file])
  const picture = (content: Buffer): Buffer => {
    const body = formBody('b', [{ name: 'f', filename: 'f.png', content }])
    return Buffer.concat([Buffer.from(head(body.length)), body])
  }
  const rows: readonly (readonly [outcome: string, status: number, bytes: Buffer | string, problem?: string])[] = [
    ['released', 200, picture(png())],
    ['refused', 415, picture(pdf()), 'file.type.mismatch'],
    ['relayed', 200, 'GET /?token=secret HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['failed', 502, 'GET /gone HTTP/1.1\r\nHost: a\r\n\r\n', 'upstream.unreachable'],
    ['refused', 400, 'NONSENSE\r\n\r\n', 'framing.malformed'],
    ['refused', 400, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 'framing.header.duplicate'],
    ['refused', 431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 'framing.headers.too-large'],
    ['refused', 400, 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 'route.target.invalid'],
  ]
  const answers = []
  for (const [, status, bytes] of rows) {
    const answer = await ask(sluice.port, bytes)
    t.equal(answer?.status, status)
    answers.push(answer)
  }
  const leaving = await openClient(sluice.port)
  leaving.write(picture(randomBytes(100_000)).subarray(0, 50_000))
  await until(sluice, 'sluice_uploads_in_flight', 1)
  leaving.socket.resetAndDestroy()
  await until(sluice, 'sluice_uploads_in_flight', 0)
  sluice.kill('SIGTERM')
  await sluice.ended
  const entries = auditEntries(join(folder, 'audit.jsonl'))
  const expected = rows.map(([outcome, status, , id]) => ({ outcome, status, problems: id ? [{ id }] : [] }))
  t.match(entries, [...expected, { outcome: 'aborted', problems: [{ id: 'body.aborted' }] }])
  t.equal(entries.length, rows.length + 1)
  const told = answers.map((answer) => valuesOf(answer?.fields ?? [], 'x-request-id')[0])
  const refusals = entries.filter((_, index) => told[index] !== undefined)
  t.ok(refusals.length >= 6 && refusals.every(({ requestId }) => told.includes(requestId)), 'ids are as told')
  t.notMatch(readFileSync(join(folder, 'audit.jsonl'), 'utf8'), 'secret')
})

t.test('the demo, with curl', async (t) => {
  const folder = t.testdir()
  const demo = readFileSync(join(import.meta.dirname, '../../config/demo.yaml'), 'utf8')
  const files = {
    'demo.yaml': demo.replaceAll(/(127\.0\.0\.1):\d+/g, '$1:0'),
    'Prüfung €.pdf': pdf(),
    'holiday.jpg': png(),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const sluice = await serveSluice(t, ['--demo', '-c', join(folder, 'demo.yaml')])
  t.match(sluice.stderr(), /\n {2}demo service {3}http:\/\/127\.0\.0\.1:\d+, to be reached through Sluice\n/)
  if (!existsSync('/usr/bin/curl')) {
    if (process.env['CI']) throw new Error('apt-get install curl')
    t.pass('curl is not installed', { skip: 'apt-get install --no-install-recommends curl' })
    return
  }
  const curl = (path: string, ...args: readonly string[]): Promise<string> =>
    run(['curl', '--silent', '--noproxy', '*', ...args, `${sluice.url}${path}`], '')
  const form = (name: string): string[] => ['--form', 'title=Prüfung', '--form', `file=@${join(folder, name)}`]
  t.match(await curl('/upload', ...form('Prüfung €.pdf')), 'Your upload no. 1 was received')
  const listed = JSON.parse(await curl('/files', '--header', 'Accept: application/json')) as { files: object[] }
  const sha256 = createHash('sha256').update(pdf()).digest('hex')
  t.match(listed, { files: [{ name: 'Prüfung €.pdf', sha256, fields: [{ name: 'title', value: 'Prüfung' }] }] })
  const refused: unknown = JSON.parse(await curl('/upload', ...form('holiday.jpg')))
  t.match(refused, {
    status: 415,
    policy: 'demo-files',
    problems: [{ id: 'file.type.mismatch', file: 'holiday.jpg', failed: /PNG image/, expected: String }],
    retry: { safe: true, useful: false },
  })
  t.match(await curl('/admin'), '<td>Uploads received</td><td>1</td>')
  const counted = (outcome: string) =>
    gauge(sluice, `sluice_requests_total{route="/upload",lane="upload",outcome="${outcome}"}`)
  t.same([await counted('released'), await counted('refused')], [1, 1])
})

const fileSystem = smallFileSystem(t.testdir())
if (!fileSystem) t.comment('mounting is not permitted here: the full disk is left to the bounded files')

for (const disk of [smallFiles, fileSystem]) {
  if (!disk) continue
  t.test(`an upload that overflows ${disk.name} is told so, and the next one works`, async (t) => {
    const folder = t.testdir()
    const file = writeConfiguration(folder, backend.url)
    const sluice = await serveSluice(t, ['-c', file], disk.before(join(folder, 'spool')))
    const seen = backend.seen.length
    const spool = `/proc/${sluice.pid}/root${join(folder, 'spool')}`
    const { head, body } = upload(disk.upload)
    const client = await openClient(sluice.port)
    client.write(head)
    await until(sluice, 'sluice_hold_spool_bytes', body.length)
    writeFileSync(join(spool, 'ballast'), Buffer.alloc(disk.ballast))
    client.write(body)
    const answer = await client.answer('POST')
    t.equal(answer?.status, 507)
    const problems = [{ id: 'hold.disk.full', failed: 'the spool cannot be written' }]
    t.match(problemIn(answer), { problems, retry: { safe: true, useful: true } })
    client.destroy()
    t.same(readdirSync(spool), ['ballast'])
    rmSync(join(spool, 'ballast'))
    t.equal((await ask(sluice.port, upload(200_000).whole))?.status, 200)
    await until(sluice, 'sluice_uploads_in_flight', 0)
    t.equal(backend.seen.length, seen + 1)
    t.same(readdirSync(spool), [])
    t.notOk(openFiles(sluice.pid).some((path) => path.startsWith(join(folder, 'spool'))))
    t.equal(await gauge(sluice, 'sluice_hold_spool_bytes'), 0)
  })
}
