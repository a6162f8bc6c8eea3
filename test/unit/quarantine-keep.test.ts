import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import type { LedgerRecord, WrittenRecord } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/open-ledger.ts'
import { contentsOf, entryOf, keepRefused } from '../../src/path/8-quarantine/keep.ts'
import { keptHeaders } from '../../src/path/8-quarantine/kept-headers.ts'
import { openAccount } from '../../src/quarantine/account.ts'
import { entryId, isEntryId, timeOf } from '../../src/quarantine/entry-id.ts'
import { openKeptEntries } from '../../src/quarantine/kept-entries.ts'
import type { Found, Medium } from '../../src/quarantine/medium.ts'
import { openRetention } from '../../src/quarantine/retention.ts'
import { isUnderWay, latestAttempt } from '../../src/quarantine/review/attempt.ts'
import { storedParts } from '../../src/quarantine/review/stored-parts.ts'
import { openKeyring } from '../../src/quarantine/sealing/keyring.ts'
import { unreadableTeller } from '../../src/quarantine/unreadable-teller.ts'
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

t.test('archives of very many members do not make an entry too large to be kept', (t) => {
  const detected = { type: null, description: 'text' }
  const nothing = { observations: [], uncovered: [] }
  const noted = { observations: [{ rule: 'file.archive.link' as const, count: 1, detail: 'x' }], uncovered: [] }
  const members = Array.from({ length: 1000 }, (_, index) => ({
    path: '長'.repeat(300),
    name: '長'.repeat(300),
    embedded: false,
    size: index,
    detected,
    content: index === 900 ? noted : nothing,
  }))
  const archive = { entries: 1000, depth: 1, expanded: 1000, ratio: 1 }
  const refused = refusedUpload(Array.from({ length: 10 }, () => ({ name: 'a', file: 'a.zip', content: 'PK' })))
  const files = refused.facts.files.map((file) => ({
    ...file,
    inspected: { detected, content: nothing, archive, members },
  }))
  const { facts } = entryOf({ ...refused, facts: { ...refused.facts, files } }, 0)
  t.ok(Buffer.byteLength(JSON.stringify(facts)) < 1024 * 1024)
  t.equal(facts.files.length, 10)
  const [first] = facts.files
  t.equal(first?.inspected?.members[0]?.size, 900, 'what something was found in comes first')
  t.equal(first?.inspected?.archive?.entries, 1000)
  t.end()
})

t.test('who stays and who goes', async (t) => {
  const day = 86_400_000
  const entryAt = (time: number): Found => ({ id: entryId(time), state: 'held', bytes: 10 })
  /** Entries by id, and how often somebody looked at all of them. */
  const mediumOf = (given: readonly Found[]) => {
    const there = new Map(given.map((found) => [found.id, found]))
    const medium = {
      there,
      looks: 0,
      look: async () => {
        medium.looks += 1
        return [...there.values()]
      },
      discard: async (id: string) => there.delete(id),
      open: async (id: string) => (there.has(id) ? { close: async () => undefined } : null),
    }
    return medium
  }
  const open = async (medium: ReturnType<typeof mediumOf>, size: number, now = 20 * day) => {
    const bounds = { keep: 10 * day, size, now: () => now }
    const retention = openRetention(medium as unknown as Medium, bounds, async () => null)
    await retention.look()
    return retention
  }

  t.test('where it is full, nobody waits until all entries are looked through', async (t) => {
    const medium = mediumOf(Array.from({ length: 10 }, (_, index) => entryAt(15 * day + index)))
    const retention = await open(medium, 100)
    const answers = await Promise.all(Array.from({ length: 50 }, () => retention.reserve(10)))
    t.ok(answers.every((answer) => !answer))
    t.equal(medium.looks, 1)
    t.equal(medium.there.size, 10)
  })
  t.test('what has expired makes room, also where another process has thrown it away', async (t) => {
    const [gone, ...old] = [entryAt(1), entryAt(2), entryAt(3)]
    const young = entryAt(15 * day)
    const medium = mediumOf([young, ...old, ...(gone ? [gone] : [])])
    const retention = await open(medium, 40)
    medium.there.delete(gone?.id ?? '')
    const answers = await Promise.all([10, 10, 10, 10].map((bytes) => retention.reserve(bytes)))
    t.strictSame(answers.filter(Boolean).length, 3)
    t.strictSame([...medium.there.keys()], [young.id])
    t.equal(medium.looks, 1)
  })
  t.test('what several processes put there together does not push out the oldest', async (t) => {
    const medium = mediumOf(Array.from({ length: 4 }, (_, index) => entryAt(15 * day + index)))
    const retention = await open(medium, 40)
    const late = entryAt(16 * day)
    medium.there.set(late.id, late)
    for (let sweeps = 0; sweeps < 2; sweeps += 1) t.strictSame(await retention.sweep(), [])
    t.equal(medium.there.size, 5, 'nor does a size that was lowered')
    t.notOk(await retention.reserve(1))
  })
  t.test('a flood of small ones ends at a number', async (t) => {
    const account = openAccount(1_000_000, 3)
    t.strictSame(
      [account.reserve(1), account.reserve(1), account.reserve(1), account.reserve(1)],
      [true, true, true, false],
    )
    account.add('a', 1)
    account.unreserve(1)
    t.notOk(account.reserve(1))
    account.remove('a')
    t.ok(account.reserve(1))
  })
})

t.test('many that are kept at once are written in turns, and the fields of one are read together', async (t) => {
  const files = new Map<string, Buffer>()
  let [writing, most, reads] = [0, 0, 0]
  const medium: Medium = {
    look: async () => [],
    async write(id, _size, sealed) {
      writing += 1
      most = Math.max(most, writing)
      const chunks: Buffer[] = []
      for await (const chunk of sealed) chunks.push(chunk)
      await wait(5)
      files.set(id, Buffer.concat(chunks))
      writing -= 1
      return { kept: true }
    },
    async open(id) {
      const file = files.get(id)
      if (file === undefined) return null
      const read = async (start: number, end: number) => {
        reads += 1
        return file.subarray(start, end)
      }
      return { size: file.length, piece: 262_144, state: 'held', read, close: async () => undefined }
    },
    claim: async () => 'absent',
    unclaim: async () => undefined,
    discard: async () => false,
    tidy: async () => undefined,
    close: async () => undefined,
  }
  const keyring = openKeyring('a secret of thirty-two characters')
  const store = await openKeptEntries(medium, keyring, { keep: 1e12, size: 1e12 })
  const fields = Array.from({ length: 2000 }, (_, index) => ({ name: `f${index}`, content: `value ${index}` }))
  const refused = refusedUpload([...fields, { name: 'a', file: 'a', content: 'x' }, { name: 'last', content: '' }])
  const signal = new AbortController().signal
  const kept = await Promise.all(
    Array.from({ length: 20 }, () => keepRefused(store, refused, { deadline: 10_000, signal })),
  )
  t.equal(most, 4)
  const opened = await store.open(kept[0]?.id ?? '')
  if (opened === null) throw new Error('not kept')
  reads = 0
  const parts = await storedParts(opened, signal)
  t.strictSame(
    parts.map((part) => (part.kind === 'field' ? String(part.value) : part.kind)),
    [...fields.map(({ content }) => content), 'file', ''],
  )
  t.ok(reads < 10, `${reads} reads`)
})

t.test('entries that cannot be read are told of where their number changes', async (t) => {
  const lines: unknown[][] = []
  const note = (...line: unknown[]) => void lines.push(line)
  let found = 0
  const unreadable = (id: number) => ({
    id: `id ${id}`,
    state: 'held' as const,
    bytes: 9,
    reason: 'the entry is damaged',
  })
  const store = { examine: async () => Array.from({ length: found }, (_, id) => unreadable(id)) }
  const tell = unreadableTeller(store, { info: note, warn: note } as Parameters<typeof unreadableTeller>[1])
  const { signal } = new AbortController()
  for (found of [0, 1, 1, 12, 0, 0]) await tell(signal)
  found = 3
  await tell(AbortSignal.abort())
  const [one, many, none, ...others] = lines
  const key = 'none of encrypt and previousKeys'
  t.strictSame(one, [
    { entries: ['id 0: the entry is damaged'] },
    `1 entry of the quarantine cannot be read: it is damaged, or its key is ${key}`,
  ])
  t.match(many, [
    { entries: { length: 10 } },
    `12 entries of the quarantine cannot be read: they are damaged, or their key is ${key}`,
  ])
  t.strictSame(none, ['all entries of the quarantine can be read again'])
  t.strictSame(others, [])
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
  const pipe = join(folderOf(t), 'pipe')
  t.equal(spawnSync('mkfifo', [pipe]).status, 0)
  for (const keepsNothing of ['/dev/null', pipe]) {
    await t.rejects(openLedger({ file: keepsNothing }), { message: /no regular file/ })
  }
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
  const ended = at('ended', 'a', { result: 'unclear', status: 500 })
  const b = at('begun', 'b', { follows: 'a' })
  const cases = [
    ['none', [], null],
    ['the first of two', [a, lost], { id: 'a', result: null }],
    ['an end', [a, lost, ended], { id: 'a', result: 'unclear', status: 500 }],
    [
      'the end of a lost one is none',
      [a, lost, at('ended', 'lost', { result: 'released' })],
      { id: 'a', result: null },
    ],
    ['one after another', [a, ended, b, at('begun', 'late', { follows: 'a' })], { id: 'b', result: null }],
    ['a ledger that was moved away', [b], { id: 'b' }],
    ['an end of an unknown kind', [a, at('ended', 'a', { result: 'x' })], { result: 'unclear' }],
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
