/** `sluice doctor` against services that are there, that are not, and that are not what they seem. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startClamd } from '../support/daemons/clamd.ts'
import { temporaryFolder } from '../support/daemons/daemon.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { startRedis } from '../support/daemons/redis.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { runSluice, writeConfiguration } from '../support/sluice-process.ts'

interface Teardown {
  teardown(end: () => unknown): unknown
}

interface Check {
  readonly level: string
  readonly what: string
  readonly detail: string
  readonly fix: string | null
}

async function doctor(t: Teardown, file: string): Promise<{ code: number | null; checks: Check[]; text: string }> {
  const runs = [
    ['doctor', '-c', file, '--json'],
    ['doctor', '-c', file],
  ].map((args) => runSluice(t, args))
  const [json, table] = runs
  const [{ code } = { code: null }] = await Promise.all(runs.map(({ ended }) => ended))
  const { checks } = JSON.parse(json?.stdout() ?? '') as { checks: Check[] }
  return { code, checks, text: table?.stdout() ?? '' }
}

/** A folder with a configuration whose policy asks the scanner `av` about files up to 2 MiB. */
function configured(t: Teardown, upstream: string, over: Record<string, unknown>): { file: string; folder: string } {
  const folder = temporaryFolder(t, 'doctor')
  const files = {
    owner: 'tests@example.com',
    expected: 'what the test says',
    rollback: 'none',
    extends: 'anything',
    request: { size: '2MiB' },
    fields: { total: '64KiB' },
    files: { size: '2MiB', scanners: ['av'], archive: { depth: 3 } },
  }
  const admission = { connections: { total: 100 } }
  return { folder, file: writeConfiguration(folder, upstream, { policies: { files }, admission, ...over }) }
}

const programs = { skip: missing('clamd', 'redis-server') }

t.test('all is well, or has a limit', programs, async (t) => {
  const clamd = needed(await startClamd(t, { alerts: true }))
  const small = needed(await startClamd(t, { lines: ['MaxFileSize 1M', 'MaxRecursion 2'] }))
  const redis = needed(await startRedis(t))
  const backend = await startBackend(() => plainAnswer('thanks'))
  t.teardown(() => backend.close())
  const av = { type: 'clamd', address: `unix:${clamd.path}` }
  const state = { redis: redis.url }
  const well = await doctor(t, configured(t, backend.url, { state, scanners: { av } }).file)
  t.match(well, { code: 0 })
  t.same(
    well.checks.map(({ level, what }) => `${level} ${what}`),
    ['ok spool', 'ok audit', 'ok open files', 'ok upstream backend', 'ok redis', 'ok scanner av'],
  )
  t.match(well.text, /^ok {4}scanner av +clamd, /m)
  const scanners = { av: { ...av, address: `127.0.0.1:${small.port}`, signatureAge: '7d' as string | null } }
  const ageless = await doctor(t, configured(t, backend.url, { state, scanners }).file)
  t.match(ageless, { code: 1 })
  t.match(
    ageless.text,
    /^fail  scanner av +the scanner does not say how old its signatures are, and signatureAge is set$/m,
  )
  t.match(ageless.text, /^ +fix: load the official signatures \(freshclam\), or remove signatureAge$/m)
  scanners.av.signatureAge = null
  const limited = await doctor(t, configured(t, backend.url, { state, scanners }).file)
  t.match(limited, { code: 3 })
  for (const line of [
    /^warn  scanner av +the EICAR test file is not found in 2 MiB, only up to 1 MiB: answered clean$/m,
    /^ +fix: raise MaxFileSize, MaxScanSize and StreamMaxLength of clamd, or lower files.size/m,
    /^warn  scanner av +the EICAR test file is not found in 3 levels of archives, only in 1 level of archives/m,
    /^ +fix: set AlertEncrypted yes in clamd.conf$/m,
  ])
    t.match(limited.text, line)
})

t.test('what is not there', async (t) => {
  const scanners = { av: { type: 'clamd', address: '127.0.0.1:1' } }
  const quarantine = { directory: 'new/quarantine', encrypt: 'a secret of thirty-two characters', size: '1MiB' }
  const over = {
    scanners,
    state: { redis: 'redis://:secret@127.0.0.1:1' },
    audit: { file: 'logs/audit.jsonl' },
    quarantine: { ...quarantine, keepFree: '0B' },
    ledger: { file: 'ledger.jsonl' },
  }
  const { file, folder } = configured(t, 'http://127.0.0.1:1', over)
  mkdirSync(join(folder, 'other'))
  rmSync(join(folder, 'spool'), { recursive: true })
  const { code, checks, text } = await doctor(t, file)
  t.equal(code, 1)
  t.same(
    checks.map(({ level, what }) => `${level} ${what}`),
    [
      'fail spool',
      'ok quarantine',
      'fail audit',
      'ok ledger',
      'ok open files',
      'fail upstream backend',
      'warn redis',
      'fail scanner av',
    ],
  )
  t.ok(checks.every(({ level, fix }) => (level === 'ok') === (fix === null)))
  t.match(checks[1]?.detail, /new\/quarantine will be made; .* free$/)
  t.notOk(existsSync(join(folder, 'new')), 'nothing is made')
  writeFileSync(join(folder, 'new'), '')
  t.match((await doctor(t, file)).checks[1], { level: 'fail', what: 'quarantine', fix: /make / }, 'a file in its way')
  t.notMatch(text, 'secret')
})

t.test('rules that cannot be used, and a wrong command line', async (t) => {
  const scanners = { av: { type: 'yara', files: ['missing.yar'] } }
  const { checks } = await doctor(t, configured(t, 'http://127.0.0.1:1', { scanners }).file)
  t.match(checks.at(-1), { level: 'fail', what: 'scanners', detail: /^scanner av: / })
  const usage = runSluice(t, ['doctor'])
  t.match(await usage.ended, { code: 2 })
  t.match(usage.stderr(), 'a configuration is missing: -c FILE')
})
