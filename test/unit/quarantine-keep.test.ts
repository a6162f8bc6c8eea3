import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { LedgerRecord, WrittenRecord } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/open-ledger.ts'
import { entryId } from '../../src/path/8-quarantine/entry-id.ts'
import { contentsOf, entryOf, keepRefused } from '../../src/path/8-quarantine/keep.ts'
import { keptHeaders } from '../../src/path/8-quarantine/kept-headers.ts'
import { isEntryId, timeOf } from '../../src/quarantine/entry-id.ts'
import { isUnderWay, latestAttempt } from '../../src/quarantine/review/attempt.ts'
import { givenParts, inbound, refusedUpload } from '../support/review.ts'

t.test('an entry is the whole request', async (t) => {
  const refused = refusedUpload()
  const entry = entryOf(refused, 1_700_000_000_000)
  t.match(entry, {
    version: 1,
    time: 1_700_000_000_000,
    requestId: refused.request.id,
    client: '192.0.2.7',
    policy: 'files',
    owner: 'owner@example.com',
    upstream: 'backend',
    request: {
      method: 'POST',
      target: '/upload?claim=1',
      scheme: 'https',
      headers: ['User-Agent', 'test/1', 'Accept', '*/*'],
    },
    findings: [{ rule: 'file.type.mismatch' }],
  })
  t.strictSame(
    entry.parts.map(({ part, name, filename, size }) => ({ part, name, filename, size })),
    givenParts.map(({ name, file = null, content }, index) => ({
      part: index + 1,
      name,
      filename: file,
      size: Buffer.byteLength(content),
    })),
  )
  const chunks: Buffer[] = []
  for await (const chunk of contentsOf(refused.parts)) chunks.push(chunk)
  t.equal(String(Buffer.concat(chunks)), givenParts.map(({ content }) => content).join(''))
  const proxied = inbound({ client: { ...inbound().client, host: 'shop.example' } })
  t.equal(entryOf({ ...refused, request: proxied }, 0).request.forwardedHost, 'shop.example')
  t.strictSame(structuredClone(entry), JSON.parse(JSON.stringify(entry)), 'plain data')
})

t.test('ids sort by time', (t) => {
  const times = [0, 1, 1_700_000_000_000, 2 ** 48 - 1]
  const ids = times.map(entryId)
  t.ok(ids.every(isEntryId))
  t.strictSame(ids.toSorted(), ids)
  t.strictSame(ids.map(timeOf), times)
  t.equal(new Set(Array.from({ length: 1000 }, () => entryId(5))).size, 1000)
  t.end()
})

t.test('header fields that are kept', (t) => {
  const cases: readonly (readonly [string, string[], string[], string[]])[] = [
    [
      'of the list, in any case, each',
      ['ACCEPT', 'a', 'Accept', 'b', 'X-A', 'c'],
      ['accept'],
      ['ACCEPT', 'a', 'Accept', 'b'],
    ],
    ['none by another spelling', ['X_Requested_With', 'a'], ['x-requested-with'], []],
    ['what a policy dares to name', ['Cookie', 'a', 'Authorization', 'b'], ['cookie'], ['Cookie', 'a']],
    ['the language of the content', ['Content-Language', 'de'], ['content-language'], ['Content-Language', 'de']],
    [
      'never what belongs to the connection, the body or a gateway',
      ['Host', 'Connection', 'TE', 'Upgrade', 'Transfer-Encoding', 'Content-Length', 'Content-Type', 'Forwarded']
        .concat('X-Forwarded-For', 'Sluice-Verdict', 'Proxy-Authorization', 'Via', 'X-Request-Id', 'traceparent')
        .flatMap((name) => [name, 'x']),
      [
        'host',
        'connection',
        'te',
        'upgrade',
        'transfer-encoding',
        'content-length',
        'content-type',
        'forwarded',
      ].concat(['x-forwarded-for', 'sluice-verdict', 'proxy-authorization', 'via', 'x-request-id', 'traceparent']),
      [],
    ],
  ]
  for (const [what, rawHeaders, allowed, kept] of cases) {
    t.strictSame(keptHeaders(inbound({ rawHeaders }), allowed), kept, what)
  }
  const nominated = inbound({ rawHeaders: ['X-Hop', 'a', 'X-End', 'b'], headers: { connection: 'X-Hop' } })
  t.strictSame(keptHeaders(nominated, ['x-hop', 'x-end']), ['X-End', 'b'])
  t.end()
})

t.test('what is not whole is not kept, and what takes too long is given up', async (t) => {
  const never = { keep: () => Promise.reject(new Error('must not be asked')) }
  const bounds = { deadline: 10_000, signal: new AbortController().signal }
  const refused = refusedUpload()
  const cut = { ...refused, facts: { ...refused.facts, complete: false } }
  t.match(await keepRefused(never, cut, bounds), { id: null, reason: 'incomplete' })
  const parts = refused.parts.map((part) => (part.kind === 'file' ? { ...part, sha256: null } : part))
  t.match(await keepRefused(never, { ...refused, parts }, bounds), { id: null, reason: 'incomplete' })
  const hangs = {
    keep: (_entry: unknown, _contents: unknown, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }
  // The timer of an AbortSignal alone keeps no process alive.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(alive))
  t.match(await keepRefused(hangs, refused, { ...bounds, deadline: 20 }), {
    id: null,
    reason: 'aborted',
    detail: /20 ms/,
  })
  const leaving = AbortSignal.abort(new Error('gone'))
  const aborted = { keep: async (_e: unknown, _c: unknown, signal: AbortSignal) => signal.throwIfAborted() as never }
  t.match(await keepRefused(aborted, refused, { ...bounds, signal: leaving }), {
    reason: 'aborted',
    detail: /broken off/,
  })
  const full = { keep: async () => ({ kept: false, reason: 'full', detail: 'no room' }) as const }
  t.match(await keepRefused(full, refused, bounds), { id: null, reason: 'full', detail: 'no room' })
  await t.rejects(keepRefused(never, refused, bounds), /must not be asked/, 'a fault is a fault')
})

function folderOf(t: { teardown(end: () => unknown): unknown }): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ledger-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const record: LedgerRecord = {
  action: 'quarantine.delete',
  who: 'ada',
  why: 'evil',
  subject: 'entry-1',
  details: { a: 1 },
}

t.test('the ledger', async (t) => {
  const file = join(folderOf(t), 'ledger.jsonl')
  const ledger = await openLedger({ file })
  t.equal(statSync(file).mode & 0o777, 0o600)
  const steering = {
    ...record,
    who: 'a\u001b[2J\u202eb\u2028\n',
    subject: 'entry-2',
    why: `${'x'.repeat(1999)}\u{1F600}y`,
  }
  await ledger.append(record)
  await ledger.append({ ...steering, details: { big: 'x'.repeat(20_000) } })
  const [first = '', second = ''] = readFileSync(file, 'utf8').split('\n')
  t.match(JSON.parse(first), { time: /^\d{4}-.*Z$/, ...record })
  t.notMatch(second, /[\u001b\u202e\u2028]/)
  t.match(JSON.parse(second), { who: steering.who, why: /x…$/, details: { cut: true } })
  appendFileSync(file, '{"time":"torn by a crash, about \\"entry-1\\"')
  await ledger.append({ ...record, details: { a: 2 } })
  const lines = readFileSync(file, 'utf8').split('\n')
  t.equal(lines.length, 5, 'the torn line stands alone')
  t.match(await ledger.about('entry-1'), [{ details: { a: 1 } }, { details: { a: 2 } }])
  t.strictSame(await ledger.about('entry'), [])
  writeFileSync(file, 'no record, entry-1\n{"subject":"entry-1"}\n"entry-1"\nnull\n')
  t.strictSame(await ledger.about('entry-1'), [], 'lines of others are no records')
  rmSync(file)
  await ledger.append(record)
  t.equal((await ledger.about('entry-1')).length, 1, 'the file may be moved away')
  await t.rejects(openLedger({ file: join(file, 'below') }), { code: 'ENOTDIR' })
  await t.rejects(openLedger({ file: '/dev/full/x' }))
})

t.test('several processes append whole lines to one ledger', async (t) => {
  const file = join(folderOf(t), 'ledger.jsonl')
  const program = `
    import { openLedger } from ${JSON.stringify(join(import.meta.dirname, '../../src/ledger/open-ledger.ts'))}
    const ledger = await openLedger({ file: ${JSON.stringify(file)} })
    const write = (n) => ledger.append({ action: 'quarantine.delete', who: 'x'.repeat(1 + 37 * n), why: 'w', subject: 's', details: {} })
    await Promise.all(Array.from({ length: 30 }, (_, n) => write(n)))`
  const ends = Array.from({ length: 3 }, async () => {
    const [code] = await once(
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' }),
      'close',
    )
    return code
  })
  t.strictSame(await Promise.all(ends), [0, 0, 0])
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  t.equal(lines.length, 90)
  for (const line of lines) JSON.parse(line)
})

t.test('attempts', (t) => {
  const at = (phase: string, attempt: string, more: Record<string, unknown> = {}): WrittenRecord => ({
    action: 'quarantine.release',
    who: attempt,
    why: 'w',
    subject: 's',
    time: '2026-01-01T00:00:00.000Z',
    details: { phase, attempt, host: hostname(), pid: process.pid, run: 'another', ...more },
  })
  const a = at('begun', 'a', { follows: null })
  const lost = at('begun', 'lost', { follows: null })
  const ended = at('ended', 'a', { result: 'uncertain', status: 500 })
  const b = at('begun', 'b', { follows: 'a' })
  const cases = [
    ['none', [], null],
    ['the first of two', [a, lost], { id: 'a', result: null }],
    ['an end', [a, lost, ended], { id: 'a', result: 'uncertain', status: 500 }],
    [
      'the end of a lost one is none',
      [a, lost, at('ended', 'lost', { result: 'released' })],
      { id: 'a', result: null },
    ],
    ['one after another', [a, ended, b, at('begun', 'late', { follows: 'a' })], { id: 'b', result: null }],
    ['a ledger that was moved away', [b], { id: 'b' }],
    ['an end of an unknown kind', [a, at('ended', 'a', { result: 'x' })], { result: 'uncertain' }],
    ['other lines', [at('x', 'a'), { ...a, details: {} }], null],
  ] as const
  for (const [what, records, expected] of cases) t.match(latestAttempt(records), expected, what)

  const until = new Date(1000).toISOString()
  const under = (more: Record<string, unknown>, now = 500): boolean => {
    const attempt = latestAttempt([at('begun', 'a', { until, ...more })])
    return attempt !== null && isUnderWay(attempt, now)
  }
  t.equal(under({ host: 'elsewhere' }), true, 'of a process that cannot be asked')
  t.equal(under({ host: 'elsewhere' }, 1000), false, 'its time is over')
  t.equal(under({}), false, 'an earlier process with our number')
  t.equal(under({ pid: 1 }), true, 'a process that is there')
  t.equal(under({ pid: 2 ** 30 }), false, 'a process that is gone')
  t.equal(under({ host: 'elsewhere', until: 'never' }), false)
  t.end()
})
