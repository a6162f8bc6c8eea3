/** Uploads through the gateway, with real scanners: what travels, what does not, and what is told of it. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import { startCIcap } from '../support/daemons/c-icap.ts'
import { startClamd } from '../support/daemons/clamd.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { zip } from '../support/files.ts'
import { type GatewayOptions, startGateway, type TestGateway } from '../support/gateway.ts'
import { type LegacyBackend, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { gauge, until } from '../support/scrape.ts'

interface Scene {
  readonly backend: LegacyBackend
  readonly gateway: TestGateway
  readonly post: (bytes: Buffer, name?: string) => Promise<Response>
  /** The audit line of the last request. */
  readonly audit: () => Promise<ReturnType<typeof JSON.parse>>
}

async function scene(
  t: { teardown(end: () => Promise<void>): unknown },
  scanners: Record<string, Record<string, unknown>>,
  policy: Record<string, unknown> = {},
  more: Partial<GatewayOptions> = {},
): Promise<Scene> {
  const backend = await startBackend(() => plainAnswer('thanks', 'Server-Timing: db;dur=1\r\n'))
  const files = { scanners: Object.keys(scanners), ...Object(policy['files']) }
  const gateway = await startGateway({
    upstream: backend.url,
    policy: { ...policy, files },
    configuration: { scanners },
    ...more,
  })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  const post = (bytes: Buffer, name = 'a.txt'): Promise<Response> => {
    const body = formBody('b', [
      { name: 'note', content: 'before' },
      { name: 'file', filename: name, content: bytes },
    ])
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    return fetch(`${gateway.url}/upload`, { method: 'POST', body: new Uint8Array(body), headers })
  }
  const audit = async () => {
    await sleep(300)
    const lines = readFileSync(join(gateway.directory, 'audit.jsonl'), 'utf8')
    return JSON.parse(lines.trim().split('\n').at(-1) ?? '')
  }
  return { backend, gateway, post, audit }
}

const harmless = Buffer.from('nothing of note in here\n'.repeat(2000))
const hidden = zip([{ name: 'inner.zip', data: zip([{ name: 'eicar.txt', data: eicar }]) }])
const up = (name: string): string => `sluice_scanner_up{scanner="${name}"}`
const header = (backend: LegacyBackend, wanted: string): string | undefined =>
  backend.seen.at(-1)?.fields.find(([name]) => name.toLowerCase() === wanted)?.[1]

const noDaemons = missing('clamd', 'c-icap')

t.test('clamd and c-icap, all at once, over every transport', { skip: noDaemons }, async (t) => {
  const clamd = needed(await startClamd(t, { alerts: true }))
  const icap = needed(await startCIcap(t, { clamd: clamd.path }))
  const url = `icap://127.0.0.1:${icap.port}/avscan`
  const names = ['unix', 'tcp', 'respmod', 'reqmod']
  const { backend, gateway, post, audit } = await scene(t, {
    unix: { type: 'clamd', address: `unix:${clamd.path}` },
    tcp: { type: 'clamd', address: `127.0.0.1:${clamd.port}` },
    respmod: { type: 'icap', url },
    reqmod: { type: 'icap', url, method: 'reqmod' },
  })
  for (const name of names) await until(gateway, up(name), 1)

  const clean = await post(harmless)
  t.equal(clean.status, 200)
  t.match(header(backend, 'sluice-verdict'), /^clean;/)
  t.match(clean.headers.get('server-timing'), /(^|, )scan;dur=[0-9.]+.*db;dur=1|db;dur=1.*scan;dur=[0-9.]+/)
  const line = await audit()
  t.same(
    line.facts.files[0].scans.map(({ scanner, result }: { scanner: string; result: string }) => [scanner, result]),
    names.map((name) => [name, 'clean']),
  )
  t.ok(line.timings.scan > 0, 'the audit line has the time of scanning')

  for (const [bytes, name] of [
    [eicar, 'a.txt'],
    [hidden, 'a.zip'],
  ] as const) {
    const refused = await post(bytes, name)
    const problem = await refused.json()
    t.match(problem, {
      status: 422,
      type: 'urn:sluice:problem:scan.malware',
      problems: [{ id: 'scan.malware', field: 'file', file: name, failed: /^a scanner found .*Eicar/ }],
      retry: { safe: true, useful: false },
    })
    t.match(refused.headers.get('server-timing'), /scan;dur=/)
  }
  t.equal(backend.seen.length, 1, 'no byte of malware reached the backend')

  const again = await post(harmless)
  t.equal(again.status, 200)
  const { scans } = (await audit()).facts.files[0]
  t.same(
    scans.map(({ cached }: { cached: boolean }) => cached),
    [false, false, true, true],
    'known again where the scanner tells a version: signatures made by hand have none',
  )
  const answered = await gauge(gateway, 'sluice_scanner_scans_total{scanner="unix",result="infected"}')
  t.equal(answered, 2)
})

t.test('each way of not scanning has its problem, and its setting', async (t) => {
  const { gateway, backend, post, audit } = await scene(t, { gone: { type: 'clamd', address: '127.0.0.1:9' } })
  const refused = await post(harmless)
  t.equal(refused.status, 503)
  t.ok(Number(refused.headers.get('retry-after')) > 0)
  t.match(await refused.json(), { problems: [{ id: 'scan.unavailable' }], retry: { safe: true, useful: true } })
  t.match((await audit()).facts.files[0].scans, [{ scanner: 'gone', result: 'unscanned', reason: 'unavailable' }])
  t.equal(backend.seen.length, 0)
  t.equal(await gauge(gateway, up('gone')), 0)
  t.equal((await fetch(`${gateway.url}/page`)).status, 200, 'plain traffic needs no scanner')
  const ready = await fetch(`${gateway.operationsUrl}/readyz`)
  t.equal(ready.status, 200)
  t.match(await ready.json(), { checks: [{}, {}, { name: 'scanner gone', ok: false }] })

  const lax = { files: { onUnscanned: { unavailable: 'release' } } }
  const open = await scene(t, { gone: { type: 'clamd', address: '127.0.0.1:9', readiness: 'require' } }, lax)
  t.equal((await open.post(harmless)).status, 200)
  t.match(header(open.backend, 'sluice-verdict'), /^unscanned;/)
  t.equal((await fetch(`${open.gateway.operationsUrl}/readyz`)).status, 503, 'where the configuration says so')
})

t.test('a clamd that says OK to what it does not look at is not believed', { skip: noDaemons }, async (t) => {
  const clamd = needed(await startClamd(t, { maxFileSize: '1M' }))
  const scanners = { lax: { type: 'clamd', address: `unix:${clamd.path}` } }
  const { gateway, backend, post } = await scene(t, scanners, { files: { size: '8MiB' } })
  await until(gateway, up('lax'), 1)
  const padded = Buffer.concat([eicar, Buffer.alloc(4 * 1024 * 1024, 10)])
  const refused = await post(padded)
  t.equal(refused.status, 413)
  t.match(await refused.json(), { problems: [{ id: 'scan.tooLarge' }] })
  t.equal(backend.seen.length, 0)
  t.ok(Number(await gauge(gateway, 'sluice_scanner_proven_bytes{scanner="lax"}')) <= 1024 * 1024)
  t.equal((await post(harmless)).status, 200, 'what it looks at is clean')
})

t.test('a scanner that misses the test file is not healthy', { skip: noDaemons }, async (t) => {
  const clamd = needed(await startClamd(t))
  const icap = needed(await startCIcap(t, { clamd: clamd.path }))
  const echo = { echo: { type: 'icap', url: `icap://127.0.0.1:${icap.port}/echo` } }
  const { gateway, backend, post } = await scene(t, echo)
  await until(gateway, 'sluice_scanner_probe_success{scanner="echo",case="clean"}', 1)
  t.equal(await gauge(gateway, 'sluice_scanner_probe_success{scanner="echo",case="eicar"}'), 0)
  t.equal(await gauge(gateway, up('echo')), 0)
  const refused = await post(harmless)
  t.equal(refused.status, 503)
  t.match(await refused.json(), { problems: [{ id: 'scan.unavailable' }] })
  t.equal(backend.seen.length, 0)
})

t.test('rules speak of the bytes as they are, lists of the file as one thing', async (t) => {
  const folder = t.testdir({
    'house.yar': 'rule Marked { strings: $a = "marked" condition: $a }',
    'bad.sha256': createHash('sha256').update('denied').digest('hex'),
  })
  const rules = { type: 'yara', files: [join(folder, 'house.yar')] }
  const lists = { type: 'hashes', deny: [join(folder, 'bad.sha256')], signatureAge: '1s' }
  const archive = zip([{ name: 'a.txt', data: Buffer.from('marked') }])
  const strict = await scene(t, { rules })
  t.equal((await strict.post(harmless)).status, 200)
  const refused = await strict.post(archive, 'a.zip')
  t.match(await refused.json(), { problems: [{ id: 'scan.partial' }] }, 'what is in an archive was not looked at')
  t.equal(strict.backend.seen.length, 1)
  const lax = await scene(t, { rules: { ...rules, archives: 'ignore' } })
  t.equal((await lax.post(archive, 'a.zip')).status, 200, 'where another one is said to open it')

  const { gateway, post } = await scene(t, { lists })
  const denied = await post(Buffer.from('denied'))
  const text = await denied.text()
  t.match(text, 'known malware')
  t.notMatch(text, 'sha256', 'the name of the list is none of their business')
  await sleep(1100)
  t.match(await (await post(harmless)).json(), { problems: [{ id: 'scan.stale' }] })
  const ready = await fetch(`${gateway.operationsUrl}/readyz`)
  const old = { name: 'scanner lists', ok: false, detail: /signatures of the scanner are too old/ }
  t.match(((await ready.json()) as { checks: unknown[] }).checks.at(-1), old)
  t.equal(await gauge(gateway, up('lists')), 0)
})

t.test('what a rule in report mode lets through is not called clean', { skip: noDaemons }, async (t) => {
  const clamd = needed(await startClamd(t))
  const scanners = { av: { type: 'clamd', address: `unix:${clamd.path}` } }
  const { backend, post } = await scene(t, scanners, { mode: 'report' })
  t.equal((await post(eicar)).status, 200)
  t.match(header(backend, 'sluice-verdict'), /^reported;/)
})

t.test('promtool has nothing against the metrics of scanners', { skip: missing('promtool') }, async (t) => {
  const { gateway } = await scene(t, { gone: { type: 'clamd', address: '127.0.0.1:9' } })
  const text = await (await fetch(`${gateway.operationsUrl}/metrics`)).text()
  t.match(text, 'sluice_scanner_faults_total{scanner="gone",fault="refused"}')
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  t.equal(checked.stderr + checked.stdout, '')
  t.equal(checked.status, 0)
})
