/** A lax gateway in front of a service that nobody wants to change becomes a strict one, in steps that can be undone. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { startNodeParser } from '../support/backends/node-parsers.ts'
import { png } from '../support/files.ts'
import { freePort } from '../support/free-port.ts'
import { formBody } from '../support/multipart.ts'
import { runSluice, serveSluice } from '../support/sluice-process.ts'
import { eventually } from '../support/workers.ts'

const folder = t.testdir()
const path = (name: string): string => join(folder, name)
const legacy = await startNodeParser('busboy')
const { close } = legacy
t.teardown(close)

const operations = { address: `127.0.0.1:${await freePort()}` }
const listeners = [{ address: `127.0.0.1:${await freePort()}` }]

/** What there is in every configuration of the story, with this policy for uploads. */
function write(name: string, policy: Record<string, unknown>): void {
  const claims = {
    owner: 'claims-platform@example.com',
    expected: 'PDFs, pictures and notes reach claims; everything else is refused with a reason.',
    rollback: 'sluice rollback, then tell the owner',
  }
  writeFileSync(
    path(name),
    stringify({
      version: 1,
      listeners,
      operations,
      hold: { spool: { directory: '.', size: '1GiB', keepFree: '0B' } },
      upstreams: { claims: { urls: [legacy.url] } },
      limits: { 'at-once': { key: 'client', concurrent: 100 } },
      policies: { 'claim-files': { ...claims, ...policy } },
      routes: [
        { path: '/upload', methods: ['POST'], upstream: 'claims', policy: 'claim-files', limits: ['at-once'] },
        { path: '/**', upstream: 'claims' },
      ],
      audit: { file: 'audit.jsonl' },
      ledger: { file: 'ledger.jsonl' },
    }),
  )
}

write('lax.yaml', { extends: 'anything', mode: 'report' })
write('strict.yaml', { extends: 'documents', files: { types: ['pdf', 'png'] } })
write('corrected.yaml', { extends: 'documents', files: { types: ['pdf', 'png', 'txt'] } })
copyFileSync(path('lax.yaml'), path('sluice.yaml'))
writeFileSync(
  path('suite.yaml'),
  stringify({
    version: 1,
    owner: 'claims-platform@example.com',
    policy: 'claim-files',
    cases: [
      {
        name: 'a claim',
        files: [{ make: 'pdf', name: 'claim.pdf' }],
        expect: { outcome: 'released' },
      },
      {
        name: 'a note',
        files: [{ make: 'txt', name: 'note.txt' }],
        expect: { outcome: 'released' },
      },
      {
        name: 'a program that is called a picture',
        files: [{ make: 'exe', name: 'holiday.png' }],
        expect: { outcome: 'refused', problems: { includes: ['file.type.mismatch'] } },
      },
    ],
  }),
)

const sluice = await serveSluice(t, ['-c', path('sluice.yaml')])

async function run(...args: string[]): Promise<{ readonly code: number | null; readonly told: string }> {
  const command = runSluice(t, args)
  const { code } = await command.ended
  return { code, told: command.stdout() + command.stderr() }
}

const note = Buffer.from('The car stood at the kerb.\n')

/** What people send all day; gives the statuses. */
async function traffic(): Promise<number[]> {
  const statuses: number[] = []
  for (const [filename, content] of [
    ['p.png', png()],
    ['note.txt', note],
  ] as const) {
    for (let count = 0; count < 6; count++) {
      const response = await fetch(`${sluice.url}/upload`, {
        method: 'POST',
        headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
        body: formBody('b', [{ name: 'f', filename, content }]),
      })
      await response.arrayBuffer()
      statuses.push(response.status)
    }
  }
  return statuses
}

interface Entry {
  readonly number: number
  readonly action: string
  readonly why: string
  readonly end: { readonly state: string; readonly why: string } | null
  readonly effect: object | null
}

async function history(): Promise<Entry[]> {
  const { told } = await run('history', '-c', path('sluice.yaml'), '--json')
  return (JSON.parse(told) as { entries: Entry[] }).entries.toReversed()
}

const committer = ['-c', 'user.name=claims', '-c', 'user.email=claims@example.com']
const own = ['-c', path('sluice.yaml')]
const probe = ['probe', `${sluice.url}/upload`, '--i-may-test-this', '--rate', '100/s', '--suite', 'disguises']
const guard = ['--guard', 'refused_ratio{route="/upload"} < 20% after 8']

t.test('the lax configuration lets things through, and says itself that it is dangerous', async (t) => {
  t.match(await run('check', path('lax.yaml')), { code: 0, told: /lint\.mode\.report|report/ })
  const before = await run(...probe, '--json', path('before.json'))
  t.match(before, { code: 3, told: /through/ })
  t.same(new Set(await traffic()), new Set([200]))
})

t.test('a stricter one is compared, replayed on what was recorded, and tried: it reverts by itself', async (t) => {
  t.match(await run('diff', path('lax.yaml'), path('strict.yaml')), { code: 0, told: /tightened/ })
  const replayed = await run('replay', path('audit.jsonl'), '-c', path('strict.yaml'))
  t.match(replayed, { code: 3, told: /newly refused/ }, 'the notes would be refused')
  const tried = await run(
    'apply',
    path('strict.yaml'),
    ...own,
    '--why',
    'only documents',
    '--trial',
    '30m',
    ...guard,
    '--yes',
  )
  t.match(tried, { code: 0, told: /on trial/ })
  t.same(new Set(await traffic()), new Set([200, 415]), 'notes are refused, and the guard sees it')
  await eventually(async () => (await history()).at(-1)?.end?.state === 'reverted')
  t.match((await history()).at(-1), { end: { why: /a guard did not hold: refused_ratio/ } })
  t.same(new Set(await traffic()), new Set([200]), 'as before')
  t.equal(readFileSync(path('sluice.yaml'), 'utf8'), readFileSync(path('lax.yaml'), 'utf8'), 'and so is the file')
})

t.test('a refusal of the trial is explained', async (t) => {
  const lines = readFileSync(path('audit.jsonl'), 'utf8').trimEnd().split('\n')
  const refused = lines
    .map((line) => JSON.parse(line) as { outcome: string; requestId: string })
    .findLast(({ outcome }) => outcome === 'refused')
  t.match(await run('why', refused?.requestId ?? '', ...own), {
    code: 0,
    told: /file\.type\.refused[^]*note\.txt|note\.txt[^]*file\.type\.refused/,
  })
})

t.test('the corrected one is rehearsed, tried, confirmed, rolled back and applied again', async (t) => {
  const rehearsed = await run('rehearse', path('suite.yaml'), '-c', path('corrected.yaml'), '--format', 'tap')
  t.match(rehearsed, { code: 0, told: /^ok 3 /m })
  t.match(await run('rehearse', path('suite.yaml'), '-c', path('strict.yaml'), '--format', 'tap'), {
    code: 1,
    told: /^not ok 2 /m,
  })
  const tried = await run(
    'apply',
    path('corrected.yaml'),
    ...own,
    '--why',
    'documents and notes',
    '--trial',
    '30m',
    ...guard,
    '--yes',
  )
  t.match(tried, { code: 0, told: /on trial/ })
  t.same(new Set(await traffic()), new Set([200]))
  t.match(await run('apply', '--confirm', ...own, '--why', 'no complaints'), { code: 0, told: /stays in force/ })
  const after = await run(...probe, '--json', path('after.json'), '--compare', path('before.json'))
  t.match(after, { told: /newly stopped/i })
  t.notMatch(after.told, /newly through: [1-9]/i)
  appendFileSync(path('sluice.yaml'), 'a line of somebody else: 1\n')
  sluice.kill('SIGHUP')
  await sluice.logs('configuration.faulty')
  t.match(await run('rollback', ...own, '--why', 'somebody misses something'), { code: 0 })
  t.match(await run(...probe), { code: 3 }, 'the holes are back')
  const again = await run(
    'apply',
    path('corrected.yaml'),
    ...own,
    '--why',
    'it was something else',
    '--expect',
    'no holes',
    '--yes',
  )
  t.match(again, { code: 0, told: /is in force/ })
  t.equal(readFileSync(path('sluice.yaml'), 'utf8'), readFileSync(path('corrected.yaml'), 'utf8'))
})

t.test('ledger and report tell all of it by themselves', async (t) => {
  const entries = await history()
  t.same(
    entries.map(({ action, end }) => (end === null ? action : `${action}, ${end.state}`)),
    ['start', 'trial, reverted', 'trial, confirmed', 'rollback', 'apply'],
  )
  t.same(entries.map(({ why }) => why).slice(1), [
    'only documents',
    'documents and notes',
    'somebody misses something',
    'it was something else',
  ])
  t.ok(
    entries.slice(2, 4).every(({ effect }) => effect !== null),
    'what stayed for a while has its effect',
  )
  const told = await run('history', ...own)
  t.match(told, { code: 0, told: /a guard did not hold: refused_ratio.*\(it was 50%\)/ })
  t.match(told, { told: /expected: no holes/ })
  for (const words of [
    ['init', '-q'],
    ['add', 'corrected.yaml', 'suite.yaml'],
    [...committer, 'commit', '-qm', 'Notes too'],
    ['tag', 'v2'],
  ])
    execFileSync('git', words, { cwd: folder })
  const report = [
    '--checklist',
    '-c',
    path('corrected.yaml'),
    '--report',
    path('report.md'),
    '--operations',
    sluice.operationsUrl,
  ]
  const checked = await run('rehearse', path('suite.yaml'), ...report, '--rollback-from', path('lax.yaml'))
  const written = readFileSync(path('report.md'), 'utf8')
  t.equal(checked.code, 0, written)
  t.match(written, /\| release tagged \| passed [^]*\| rollback proven \| passed /)
})
