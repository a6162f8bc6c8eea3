/** `sluice probe` on real sockets: a lax endpoint, the same behind nginx, the same behind Sluice. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { planOf, type Values } from '../../src/commands/probe/options.ts'
import { comparisonTable, reportTable } from '../../src/commands/probe/table.ts'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import { families } from '../../src/probe/case.ts'
import { compare } from '../../src/probe/comparison.ts'
import { type Report, reportOf, reportSchema } from '../../src/probe/report.ts'
import { type ProbePlan, probe } from '../../src/probe/run.ts'
import { suite } from '../../src/probe/suite/suite.ts'
import { isFinding, type Outcome } from '../../src/probe/verdict/judge.ts'
import { startNodeParser } from '../support/backends/node-parsers.ts'
import { temporaryFolder } from '../support/daemons/daemon.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { startNginx } from '../support/daemons/nginx.ts'
import { freePort } from '../support/free-port.ts'
import { startGateway } from '../support/gateway.ts'
import { runSluice } from '../support/sluice-process.ts'

/** Busboy behind Node's HTTP server: it accepts what it can read, and tells what that was. */
const backend = await startNodeParser('busboy')
const { close } = backend
t.teardown(close)

/** Goes as fast as the target answers. */
const hurried = { now: () => performance.now(), sleep: async () => {} }

function plan(url: string, values: Values = {}, more: Partial<ProbePlan> = {}): ProbePlan {
  const planned = planOf(`${url}/upload`, { 'i-may-test-this': true, echo: true, ...values })
  if (typeof planned === 'string') throw new Error(planned)
  return { ...planned, patience: { exchange: 5000, second: 200 }, ...more }
}

async function report(url: string, values: Values = {}): Promise<Report> {
  const planned = plan(url, values)
  const began = new Date()
  const run = await probe(planned, hurried, () => {})
  if (!run.ok) throw new Error(run.reason)
  return reportOf(planned, run, { began, ended: new Date() })
}

function idsOf({ results }: Report, ...outcomes: readonly Outcome[]): string[] {
  return results.filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id)
}

const findings = ({ results }: Report): string[] =>
  results.filter(({ outcome }) => isFinding(outcome)).map(({ id }) => id)

const lax = await report(backend.url)
const documents = { extends: 'documents', files: { types: ['png', 'jpeg', 'gif', 'pdf', 'docx', 'txt', 'csv'] } }
const gateway = await startGateway({ upstream: backend.url, policy: documents })
t.teardown(gateway.close)
const guarded = await report(gateway.url)

t.test('a lax endpoint: holes in every family, each with what the backend read', (t) => {
  t.equal(lax.stopped, null)
  t.equal(lax.results.length, suite.length)
  t.equal(idsOf(lax, 'not sent', 'no answer', 'error').length, 0)
  for (const family of families) {
    t.ok(
      lax.results.some((one) => one.family === family && one.outcome === 'through'),
      family,
    )
  }
  const told = new Map(lax.results.map((one) => [one.id, one]))
  t.match(told.get('multipart.filename-extended')?.detail, 'the backend read file "probe.php" in field "file"')
  t.match(told.get('multipart.boundary-twice')?.detail, 'the backend read field "role" = "user"')
  t.match(told.get('multipart.disposition-missing')?.detail, 'the backend read nothing')
  t.match(told.get('multipart.delimiter-padding'), {
    outcome: 'read differently',
    differences: ['file "probe.png" in field "file" as image/png was not read as it was sent (67 bytes)'],
  })
  t.end()
})

/** What the documents pack lets through, and why. */
const remaining = new Map([
  ['disguises.csv-formula', 'csv.formulas is keep unless the policy says otherwise'],
  ['disguises.malware', 'the test file is plain text, and finding it is for a scanner, which is not configured here'],
  ['bombs.pdf-ratio', 'PDF streams have no limit of what they expand to: known, and not harmless to a renderer behind'],
])
/** What is allowed, and is read behind Sluice as it was sent. */
const tolerated = [
  'multipart.parameters-unquoted',
  'multipart.parameters-quoted-semicolon',
  'multipart.name-shell',
  'multipart.boundary-quoted',
  'framing.chunk-extension',
  'framing.chunk-zeros',
]

t.test('the same behind Sluice: what remains is known, one by one', (t) => {
  t.equal(guarded.stopped, null)
  t.same(findings(guarded), [...remaining.keys()])
  t.same(idsOf(guarded, 'tolerated'), tolerated)
  t.equal(idsOf(guarded, 'refused').length, suite.length - remaining.size - tolerated.length)
  t.end()
})

t.test('Sluice with the settings for what remained', async (t) => {
  const list = join(temporaryFolder(t, 'lists'), 'bad.sha256')
  writeFileSync(list, `${createHash('sha256').update(eicar).digest('hex')}\n`)
  const strict = { ...documents, files: { ...documents.files, csv: { formulas: 'refuse' }, scanners: ['known'] } }
  const configuration = { scanners: { known: { type: 'hashes', deny: [list] } } }
  const gateway = await startGateway({ upstream: backend.url, policy: strict, configuration })
  t.teardown(gateway.close)
  t.same(findings(await report(gateway.url, { suite: 'disguises' })), [])
})

t.test('the same behind nginx, compared with Sluice', { skip: missing('nginx') }, async (t) => {
  const nginx = needed(await startNginx(t, Number(new URL(backend.url).port)))
  const before = await report(nginx.url)
  const comparison = compare(before, guarded)
  t.equal(before.stopped, null)
  t.same(comparison.opened, [])
  t.same(
    comparison.still.map(({ id }) => id),
    [...remaining.keys()],
  )
  t.ok(comparison.stopped.length > 90, `${comparison.stopped.length} newly stopped`)
  t.same(comparison.incomparable, [])
  const text = comparisonTable(before, guarded, comparison)
  t.match(text, /\nnewly through: 0\nnewly stopped: \d+\n {2}multipart\.filename-twice +through → refused\n/)
  t.match(reportTable(before, new Map(suite.map((one) => [one.id, one]))), /\nmultipart: \d+ cases: \d+ through, /)
})

const bytesOf = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`

/** A target that says to each connection, by its ordinal, what the function does; null is silence. */
async function target(t: Tap, answer: (connection: number, socket: Socket) => string | null) {
  let connections = 0
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    const connection = ++connections
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    socket.once('data', () => {
      const bytes = answer(connection, socket)
      if (bytes !== null) socket.end(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, connections: () => connections, stop: () => server.close() }
}

type Tap = Parameters<typeof startNginx>[0]
const impatient = { patience: { exchange: 200, second: 50 }, echo: false }
const run = (planned: ProbePlan) => probe(planned, hurried, () => {})

t.test('an endpoint that does not accept the harmless upload is sent nothing else', async (t) => {
  const refusing = await target(t, () => 'HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n')
  t.match(await run(plan(refusing.url, {}, impatient)), { ok: false, reason: 'it was answered 401' })
  t.equal(refusing.connections(), 1)
  const silent = await target(t, () => null)
  t.match(await run(plan(silent.url, {}, impatient)), { ok: false, reason: /no answer/ })
  const nonsense = await target(t, () => 'SSH-2.0-nothing\r\n')
  t.match(await run(plan(nonsense.url, {}, impatient)), { ok: false, reason: /no HTTP/ })
  const deaf = await target(t, () => bytesOf('ok'))
  t.match(await run(plan(deaf.url)), { ok: false, reason: /not the JSON that --echo asks for/ })
  const nobody = `http://127.0.0.1:${await freePort()}`
  t.match(await run(plan(nobody, {}, impatient)), { ok: false, reason: /ECONNREFUSED/ })
})

t.test('a target that stops answering is left alone, and the report says so', async (t) => {
  const dying = await target(t, (connection) => (connection <= 4 ? bytesOf('ok') : null))
  const ended = await run(plan(dying.url, {}, impatient))
  if (!ended.ok) throw new Error(ended.reason)
  t.match(ended.stopped, /^after multipart\.[a-z-]+, the harmless upload was no longer accepted: no answer/)
  t.equal(ended.requests, 6, 'the control, three cases, one without an answer, and the control again')
  t.equal(ended.results.length, suite.length)
  t.equal(ended.results.filter(({ outcome }) => outcome === 'not sent').length, suite.length - 4)
})

t.test('a target that begins to refuse everything is not called safe', async (t) => {
  const refusal = 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'
  const blocking = await target(t, (connection) => (connection <= 2 ? bytesOf('ok') : refusal))
  const ended = await run(plan(blocking.url, { suite: 'bombs,limits' }, impatient))
  t.match(ended, { ok: true, stopped: /after bombs\..*no longer accepted: it was answered 403/ })
})

t.test('what asks to wait is asked again, and is no refusal', async (t) => {
  const slept: number[] = []
  const clock = {
    now: () => 0,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds)
    },
  }
  const busy = 'HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n'
  const limited = await target(t, (connection) => (connection % 2 === 0 ? busy : bytesOf('ok')))
  const ended = await probe(plan(limited.url, { suite: 'bombs' }, impatient), clock, () => {})
  if (!ended.ok) throw new Error(ended.reason)
  t.ok(ended.results.every(({ outcome }) => outcome === 'through'))
  t.ok(slept.filter((milliseconds) => milliseconds === 7000).length >= ended.results.length)
})

t.test('time for all of it is bounded', async (t) => {
  let time = 0
  const clock = { now: () => (time += 1000), sleep: async () => {} }
  const endless = await target(t, () => bytesOf('ok'))
  const ended = await probe(plan(endless.url, {}, { ...impatient, total: 30_000 }), clock, () => {})
  t.match(ended, { ok: true, stopped: /time for all of it is over \(30 s\)/ })
  t.ok(endless.connections() < 30)
})

t.test('what a hostile target answers is bounded', async (t) => {
  const flood = 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n'
  const flooding = await target(t, (_connection, socket) => {
    socket.write(flood)
    const more = (): void => {
      if (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'a'))) setImmediate(more)
    }
    socket.on('drain', more)
    more()
    return null
  })
  const ended = await run(
    plan(flooding.url, { suite: 'bombs' }, { ...impatient, patience: { exchange: 20_000, second: 50 } }),
  )
  t.match(ended, { ok: true, stopped: null })
})

t.test('the command: consent, exit codes, report, comparison', async (t) => {
  const folder = temporaryFolder(t, 'probe')
  const command = async (...args: string[]) => {
    const sluice = runSluice(t, ['probe', ...args])
    const { code } = await sluice.ended
    return { code, stdout: sluice.stdout(), stderr: sluice.stderr() }
  }
  const fast = ['--i-may-test-this', '--rate', '100/s', '--suite', 'limits', '--echo']
  const file = join(folder, 'lax.json')
  const nobody = `http://127.0.0.1:${await freePort()}/`
  const [without, dead, help, open] = await Promise.all([
    command(`${backend.url}/upload`),
    command(nobody, '--i-may-test-this'),
    command('--help'),
    command(`${backend.url}/upload?secret=1`, ...fast, '--json', file),
  ])
  t.match(without, { code: 2, stdout: '', stderr: /i-may-test-this is missing.*own the target or may test it/ })
  t.match(dead, { code: 1, stdout: '', stderr: /does not accept the harmless upload.*ECONNREFUSED/ })
  t.match(help, { code: 0, stdout: /hostile uploads/ })
  t.match(open, {
    code: 3,
    stderr: '',
    stdout: /through {11}limits\.fields {2}10,000 fields \(CWE-770\)/,
  })
  const written = readFileSync(file, 'utf8')
  t.notMatch(written, 'secret')
  t.ok(reportSchema.parse(JSON.parse(written)).results.every(({ outcome }) => outcome !== 'not sent'))
  const later = await command(`${gateway.url}/upload`, ...fast, '--compare', file)
  t.match(later, { code: 0, stderr: '' })
  t.match(later.stdout, /newly through: 0\nnewly stopped: \d+\n {2}limits\.fields +through → refused\n/)
  t.match(await command(`${backend.url}/upload`, ...fast, '--json', join(folder, 'none', 'a.json')), {
    code: 1,
    stdout: '',
    stderr: /cannot be written/,
  })
  const other = join(folder, 'other.json')
  writeFileSync(other, '{}')
  t.match(await command(`${gateway.url}/upload`, ...fast, '--compare', other), {
    code: 1,
    stderr: /no report of sluice probe/,
  })
})
