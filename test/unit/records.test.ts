import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { createLogger } from '../../src/log.ts'
import { createMetrics, type Metrics } from '../../src/metrics/registry.ts'
import { openAudit } from '../../src/path/9-record/audit.ts'
import { auditLine } from '../../src/path/9-record/audit-line.ts'
import type { AuditRecord } from '../../src/path/9-record/audit-record.ts'
import { lineQueue } from '../../src/path/9-record/line-queue.ts'
import { createRecorder } from '../../src/path/9-record/recorder.ts'
import { unpackingMost } from '../../src/policy/ceilings.ts'
import { violation } from '../../src/problems/violation.ts'

const RECORD: AuditRecord = {
  time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  requestId: 'abc',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  client: '192.0.2.1',
  route: '/claims/*/files',
  lane: 'upload',
  policy: 'claim-files',
  configuration: 'deadbeef',
  method: 'POST',
  host: 'claims.example.com',
  target: '/claims/7/files?token=secret',
  status: 415,
  outcome: 'refused',
  facts: {
    channel: 'multipart',
    size: 1234,
    parts: 1,
    fields: [],
    files: [
      {
        part: 1,
        field: 'f',
        name: 'a\n"\u202e.exe',
        size: 9,
        sha256: null,
        declaredType: null,
        inspected: null,
        scans: [],
      },
    ],
    complete: true,
  },
  findings: [
    { rule: 'file.type.mismatch', mode: 'enforce', violation: violation('file.type.mismatch') },
    { rule: 'file.name.bidi', mode: 'report', violation: violation('file.name.bidi') },
  ],
  verdict: 'refused',
  action: 'refuse',
  reading: { stoppedBy: null, unpacking: unpackingMost },
  ownFields: ['claim_id'],
  rewritten: [],
  limits: [{ limit: 'per-client', decision: 'refused' }],
  quarantine: null,
  problems: [violation('file.type.mismatch', { file: 'a\n"\u202e.exe' })],
  backend: 'untouched',
  duration: 250,
  timings: { multipart: 40, verdict: 0.5 },
  bytes: { received: 1234, released: 0, answered: 700 },
  upstream: null,
}

function lines(file: string): readonly { readonly number?: unknown }[] {
  const text = readFileSync(file, 'utf8')
  if (text !== '' && !text.endsWith('\n')) throw new Error(`half a line: ${text.slice(-80)}`)
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

const line = (number: number) => Buffer.from(`${JSON.stringify({ number, text: 'ä'.repeat(20) })}\n`)
const numbers = (file: string) => lines(file).map(({ number }) => number)
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

function freshMetrics(t: { teardown: (end: () => void) => unknown }): Metrics {
  const metrics = createMetrics({ version: '1' })
  t.teardown(metrics.stop)
  return metrics
}

async function value(metrics: Metrics, series: string): Promise<number> {
  const found = (await metrics.render()).split('\n').find((text) => text.startsWith(`${series} `))
  return Number(found?.split(' ').at(-1))
}

function collectLog() {
  const written: Record<string, unknown>[] = []
  const log = createLogger({ version: '1', level: 'info', stream: { write: (text) => written.push(JSON.parse(text)) } })
  return { log, written }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(5)
}

t.test('an audit line is one line of JSON with what decided, and without secrets', async (t) => {
  const text = auditLine(RECORD).toString()
  t.equal(text.indexOf('\n'), text.length - 1)
  const entry = JSON.parse(text)
  const { time: _time, target: _target, ownFields: _ownFields, ...rest } = RECORD
  t.strictSame(
    entry,
    JSON.parse(JSON.stringify({ ...rest, time: '2026-01-02T03:04:05.678Z', path: '/claims/7/files' })),
  )
  t.notMatch(text, 'secret')
  const steering = 'a\u009b\u007f\u202e\u2028\u{e0041}ü😀'
  const steered = auditLine({ ...RECORD, problems: [violation('file.size', { file: steering })] }).toString()
  t.match(steered, '"file":"a\\u009b\\u007f\\u202e\\u2028\\udb40\\udc41ü😀"')
  t.equal(JSON.parse(steered).problems[0].file, steering)
  const paths: readonly (readonly [string | null, string | null])[] = [
    [null, null],
    ['/a?b#c', '/a'],
    ['/a#c?d', '/a'],
    ['/\u00c3\u00bc\u0000 \u202e', '/%C3%BC%00%20%E2%80%AE'],
    [`/${'x'.repeat(9000)}?secret`, `/${'x'.repeat(508)}...`],
    [`/${'x'.repeat(511)}`, `/${'x'.repeat(511)}`],
  ]
  for (const [target, path] of paths) t.equal(JSON.parse(auditLine({ ...RECORD, target }).toString()).path, path)
  const name = 'x'.repeat(2_000_000)
  const long = { ...RECORD, problems: [violation('file.count'), violation('file.size', { file: name })] }
  t.match(JSON.parse(auditLine(long).toString()), { cut: true, facts: null, findings: [], requestId: 'abc' })
})

t.test('lines wait within their bound and leave in order', async (t) => {
  const queue = lineQueue(10)
  const push = (text: string) => queue.push(Buffer.from(text))
  t.strictSame(['aaaa', 'bbbb', 'ccc', 'dd'].map(push), [true, true, false, true])
  t.equal(String(queue.take(5)), 'aaaa', 'whole lines only')
  t.equal(queue.settle(0), 0)
  t.equal(push('e'), false, 'what is not written still counts')
  t.equal(String(queue.take(1)), 'aaaa', 'one at least')
  t.equal(push('e'), false)
  t.equal(queue.settle(4), 1)
  t.equal(push('eeee'), true)
  t.equal(queue.take(100).join(), 'bbbb,dd,eeee')
  t.equal(queue.settle(7), 2, 'half a line is not written')
  t.equal(queue.take(100).join(), 'eeee')
})

t.test('lines that gather do not hold up the end', async (t) => {
  const file = join(t.testdir(), 'audit.jsonl')
  const { log } = collectLog()
  const audit = await openAudit({ file, metrics: freshMetrics(t), log, gather: 1_000_000 })
  for (const number of range(0, 10)) audit.write(line(number))
  await delay(50)
  t.equal(numbers(file).length, 0)
  await audit.close()
  t.strictSame(numbers(file), range(0, 10))
})

t.test('the audit file: batches, rotation, mode, flush on close', async (t) => {
  const file = join(t.testdir(), 'audit.jsonl')
  const metrics = freshMetrics(t)
  const { log, written } = collectLog()
  const audit = await openAudit({ file, metrics, log })
  t.equal(statSync(file).mode & 0o777, 0o640 & ~process.umask())
  for (const number of range(0, 1000)) audit.write(line(number))
  // Whoever reads while a batch is written may see a part of it.
  await until(() => readFileSync(file, 'utf8').split('\n').length === 1001)
  renameSync(file, `${file}.1`)
  audit.reopen()
  await until(() => {
    try {
      return statSync(file).size === 0
    } catch {
      return false
    }
  })
  for (const number of range(1000, 1500)) audit.write(line(number))
  await audit.close()
  audit.write(line(9999))
  t.strictSame(numbers(`${file}.1`), range(0, 1000))
  t.strictSame(numbers(file), range(1000, 1500))
  t.equal(await value(metrics, 'sluice_audit_lines_total{result="written"}'), 1500)
  t.equal(await value(metrics, 'sluice_audit_lines_total{result="lost"}'), 1, 'a line after closing is told')
  t.equal(await value(metrics, 'sluice_audit_errors_total'), 0)
  t.equal(written.length, 1)
})

t.test('what a power cut left of a line is taken back; other files are not touched', async (t) => {
  const dir = t.testdir({
    torn: '{"number":1}\n{"numb',
    only: '{"nu',
    empty: '',
    whole: '{"number":1}\n',
    other: 'root:x:0',
  })
  const metrics = freshMetrics(t)
  const { log } = collectLog()
  const cases = [
    ['torn', [1, 2]],
    ['only', [2]],
    ['empty', [2]],
    ['whole', [1, 2]],
  ] as const
  for (const [name, expected] of cases) {
    const audit = await openAudit({ file: join(dir, name), metrics, log })
    audit.write(line(2))
    await audit.close()
    t.strictSame(numbers(join(dir, name)), expected, name)
  }
  await t.rejects(openAudit({ file: join(dir, 'other'), metrics, log }), /no audit line/)
  t.equal(readFileSync(join(dir, 'other'), 'utf8'), 'root:x:0')
  await t.rejects(openAudit({ file: join(dir, 'missing', 'audit'), metrics, log }), { code: 'ENOENT' })
})

t.test('a full disk: counted, logged once, never half a line, and nothing lost that fits in memory', async (t) => {
  const file = join(t.testdir(), 'audit.jsonl')
  const metrics = freshMetrics(t)
  const { log, written } = collectLog()
  let room = 1000
  const openFile = async (path: string, flags: string, mode: number) =>
    limited(await open(path, flags, mode), () => room)
  const audit = await openAudit({ file, metrics, log, openFile, retry: 10 })
  for (const number of range(0, 100)) audit.write(line(number))
  await until(async () => (await value(metrics, 'sluice_audit_errors_total')) >= 2)
  t.strictSame(numbers(file), range(0, Math.floor(1000 / line(1).length)), 'whole lines, as many as fit')
  room = 1e9
  await until(() => numbers(file).length === 100)
  t.strictSame(numbers(file), range(0, 100), 'in order and once')
  await audit.close()
  t.equal(written.length, 1, 'one complaint a minute')
  t.match(written[0], { level: 'error', err: { code: 'ENOSPC' } })
  t.equal(await value(metrics, 'sluice_audit_lines_total{result="written"}'), 100)
  t.equal(await value(metrics, 'sluice_audit_lines_total{result="lost"}'), 0)
})

/** A disk with so much room in the file, which writes what fits and then fails, as a real one does. */
function limited(handle: FileHandle, room: () => number): FileHandle {
  const write = async (buffer: Buffer, offset: number, length: number) => {
    const { size } = await handle.stat()
    if (size >= room()) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    return await handle.write(buffer, offset, Math.min(length, room() - size), null)
  }
  return new Proxy(handle, {
    get: (target, key) => {
      if (key === 'write') return write
      const member: unknown = Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

t.test('a device that is always full: bounded, and closing does not wait for it', async (t) => {
  const metrics = freshMetrics(t)
  const { log, written } = collectLog()
  const audit = await openAudit({ file: '/dev/full', metrics, log, capacity: 10 * line(10).length })
  for (const number of range(10, 60)) audit.write(line(number))
  await until(async () => (await value(metrics, 'sluice_audit_errors_total')) >= 1)
  t.equal(await value(metrics, 'sluice_audit_lines_total{result="lost"}'), 40, 'the newest are lost')
  await audit.close()
  t.equal(await value(metrics, 'sluice_audit_lines_total{result="lost"}'), 50)
  t.equal(await value(metrics, 'sluice_audit_lines_total{result="written"}'), 0)
  t.strictSame(
    written.map(({ msg }) => msg),
    [
      'audit lines are lost: too many wait to be written',
      'the audit file cannot be written; lines wait in memory',
      'audit lines are lost: the gateway stops and the file takes none',
    ],
  )
})

t.test('one request: audit line, metrics and log line, once', async (t) => {
  const metrics = freshMetrics(t)
  const { log, written } = collectLog()
  const audited: Buffer[] = []
  const record = createRecorder({ audit: { write: (text) => audited.push(text) }, metrics, log })
  record(RECORD)
  record(RECORD)
  t.equal(audited.length, 1)
  t.equal(written.length, 1)
  t.match(written[0], {
    level: 'info',
    service: 'sluice',
    msg: 'request refused',
    requestId: 'abc',
    status: 415,
    problems: ['file.type.mismatch'],
  })
  t.notMatch(JSON.stringify(written), 'exe', 'no file names in the log')
  const upstream = { name: 'claims', status: null, failure: 'reset' } as const
  record({
    ...RECORD,
    outcome: 'released',
    problems: [],
    status: 200,
    upstream,
    bytes: { received: 1, released: 7, answered: 2 },
  })
  record({ ...RECORD, route: null, lane: 'interactive', outcome: 'upgraded', problems: [], findings: [], timings: {} })
  t.equal(written.length, 1, 'what went well is not in the log')
  const expected: Record<string, number> = {
    'sluice_requests_total{route="/claims/*/files",lane="upload",outcome="refused"}': 1,
    'sluice_requests_total{route="/claims/*/files",lane="upload",outcome="released"}': 1,
    'sluice_requests_total{route="none",lane="interactive",outcome="upgraded"}': 1,
    'sluice_request_duration_seconds_sum{lane="upload"}': 0.5,
    'sluice_received_bytes_total{lane="upload"}': 1235,
    sluice_released_bytes_total: 7,
    'sluice_stage_duration_seconds_sum{stage="multipart"}': 0.08,
    'sluice_stage_duration_seconds_count{stage="verdict"}': 2,
    'sluice_stage_duration_seconds_count{stage="release"}': 0,
    'sluice_problems_total{id="file.type.mismatch"}': 1,
    'sluice_findings_total{rule="file.name.bidi",mode="report"}': 2,
    'sluice_upstream_errors_total{upstream="claims",kind="reset"}': 1,
    sluice_upgrades_total: 1,
  }
  for (const [series, count] of Object.entries(expected)) t.equal(await value(metrics, series), count, series)
})

t.test('the level is that of the gravest problem, and a sink that fails harms nobody', async (t) => {
  const metrics = freshMetrics(t)
  const { log, written } = collectLog()
  const audit = {
    write() {
      throw new Error('broken')
    },
  }
  const record = createRecorder({ audit, metrics, log })
  const cases = [
    ['refused', [violation('file.size')], 'info'],
    ['refused', [violation('file.size'), violation('admission.spool')], 'warn'],
    ['failed', [violation('upstream.reset')], 'warn'],
    ['failed', [violation('gateway.fault')], 'error'],
    ['failed', [], 'error'],
    ['aborted', [violation('body.aborted')], 'info'],
  ] as const
  for (const [outcome, problems] of cases) record({ ...RECORD, outcome, problems })
  const told = written.filter(({ requestId }) => requestId === 'abc')
  t.strictSame(
    told.map(({ level }) => level),
    cases.map(([, , level]) => level),
  )
  t.equal(written.filter(({ msg }) => msg === 'a request could not be recorded').length, 1)
})

t.test('the logger: fixed fields, levels by name, secrets left out', async (t) => {
  const written: string[] = []
  const stream = { write: (text: string) => written.push(text) }
  const log = createLogger({ version: '1.2', level: 'nonsense', stream })
  log.debug('too fine')
  const headers = { authorization: 'hunter2', 'set-cookie': 'hunter2', host: 'a\nb' }
  log.info({ headers, operations: { token: 'hunter2' }, token: 'hunter2' }, 'seen')
  t.equal(written.length, 2, 'a level that is none is told, and info is used')
  t.match(JSON.parse(written[0] ?? ''), { level: 'warn', service: 'sluice', version: '1.2' })
  t.match(JSON.parse(written[1] ?? ''), { msg: 'seen', headers: { host: 'a\nb', authorization: '[redacted]' } })
  t.notMatch(written.join(''), 'hunter2')
  t.equal(createLogger({ version: '1', level: 'silent', stream }).level, 'silent')
  t.equal(createLogger({ version: '1', level: undefined, stream }).level, 'info')
})

t.test('standard output: every line before the end, in order, and an end although the disk is full', async (t) => {
  const script = `
    import { createLogger } from '${new URL('../../src/log.ts', import.meta.url).href}'
    const log = createLogger({ version: '1', level: undefined })
    for (let number = 0; number < 4000; number++) log.info({ number }, 'line')
    process.exit(3)`
  const run = (stdout: 'pipe' | number) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', stdout, 'inherit'] })
  const piped = run('pipe')
  t.equal(piped.status, 3)
  const written = piped.stdout.toString().split('\n').slice(0, -1)
  t.strictSame(
    written.map((text) => JSON.parse(text).number),
    range(0, 4000),
  )
  const full = openSync('/dev/full', 'w')
  t.equal(run(full).status, 3)
  closeSync(full)
})
