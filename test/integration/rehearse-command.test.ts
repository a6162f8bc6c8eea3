import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startDemo } from '../../src/demo/service.ts'
import { runSluice, serveSluice, writeConfiguration } from '../support/sluice-process.ts'

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function sluice(t: Test, ...args: readonly string[]): Promise<Ended> {
  const run = runSluice(t, args)
  const { code } = await run.ended
  return { code, stdout: run.stdout(), stderr: run.stderr() }
}

const good = { name: 'good', files: [{ make: 'png' }], expect: { outcome: 'released' } }
const bad = { name: 'bad', files: [{ make: 'exe', name: 'a.png' }], expect: { outcome: 'refused' } }

/** JSON is YAML. */
function writeSuite(folder: string, cases: readonly object[], name = 'suite.yaml'): string {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify({ version: 1, owner: 'tests@example.com', policy: 'files', cases }))
  return file
}

t.test('command lines', async (t) => {
  t.match(await sluice(t, 'rehearse'), { code: 2, stderr: /^sluice: a configuration is missing: -c FILE\n\nUsage/ })
  t.match(await sluice(t, 'rehearse', '--help'), { code: 0, stdout: /^Usage: sluice rehearse/ })
  t.match(await sluice(t, 'rehearse', '-c', 'none.yaml'), {
    code: 1,
    stderr: /^none\.yaml: found no file of this name/,
  })
})

t.test('in this process: the starter suite, formats, files, exit codes', async (t) => {
  const folder = t.testdir()
  const configuration = writeConfiguration(folder, 'http://127.0.0.1:1')
  const whole = await sluice(t, 'rehearse', '-c', configuration)
  t.match(whole, { code: 0, stdout: /anything\.yaml \(the pack anything/, stderr: '' })
  t.match(whole.stdout, /\n1[0-9] passed, in this process with .*sluice\.yaml \([0-9a-f]{16}\)\n$/)
  const wrong = writeSuite(folder, [good, { ...bad, expect: { outcome: 'released' } }])
  const output = join(folder, 'report.xml')
  const junit = await sluice(t, 'rehearse', wrong, '-c', configuration, '--format', 'junit', '--output', output)
  t.match(junit, { code: 1, stdout: `1 passed, 1 failed: ${output}\n` })
  t.match(readFileSync(output, 'utf8'), /<testsuites name="sluice rehearse" tests="2" failures="1"/)
  const nowhere = await sluice(t, 'rehearse', wrong, '-c', configuration, '--output', join(folder, 'none', 'r'))
  t.match(nowhere, { code: 1, stderr: /^sluice: cannot rehearse: ENOENT/ })
  const faulty = writeSuite(folder, [{ ...good, expect: {} }], 'faulty.yaml')
  t.match(await sluice(t, 'rehearse', faulty, wrong, '-c', configuration), {
    code: 1,
    stderr: /^\S+faulty\.yaml:1:\d+: /,
  })
})

t.test('a running gateway: answers alone are compared, and request ids told', async (t) => {
  const folder = t.testdir()
  const demo = await startDemo()
  t.teardown(() => demo.close())
  const configuration = writeConfiguration(folder, demo.url)
  const gateway = await serveSluice(t, ['-c', configuration])
  const suite = writeSuite(folder, [good, bad])
  const target = ['--target', gateway.url, '--rate', '1000']
  const fine = await sluice(t, 'rehearse', suite, '-c', configuration, ...target)
  t.match(fine, { code: 0, stdout: new RegExp(`2 passed, at ${gateway.url} with `) })
  const wrong = writeSuite(folder, [{ ...bad, expect: { outcome: 'released' } }], 'wrong.yaml')
  const told = await sluice(t, 'rehearse', wrong, '-c', configuration, ...target, '--format', 'json')
  t.equal(told.code, 1)
  const [result] = JSON.parse(told.stdout).results
  const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8').trimEnd().split('\n')
  t.equal(JSON.parse(lines.at(-1) ?? '').requestId, result.requestId, 'the audit has the request')
  const pathed = join(folder, 'pathed.yaml')
  writeFileSync(pathed, JSON.stringify({ version: 1, owner: 'o', cases: [{ ...bad, request: { path: '/upload' } }] }))
  t.match(await sluice(t, 'rehearse', pathed, ...target), { code: 0, stdout: /1 passed/ })
})

t.test('the checklist as a report: all passed, not done, failed', async (t) => {
  // Folders of the runner are in the repository of the project.
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const demo = await startDemo()
  t.teardown(() => demo.close())
  const check = { accept: [{ warning: 'lint.types.any', because: 'the suite has any' }] }
  const configuration = writeConfiguration(folder, demo.url)
  t.match(await sluice(t, 'rehearse', '--checklist', '-c', configuration), {
    code: 1,
    stdout: /lint \| failed \| there are warnings that nobody has accepted/,
  })
  writeConfiguration(folder, demo.url, { check })
  mkdirSync(join(folder, 'older'))
  const older = writeConfiguration(join(folder, 'older'), demo.url, { check, hold: { memory: '128KiB' } })
  const suite = writeSuite(folder, [good, bad])
  const report = join(folder, 'report.md')
  const begin = ['rehearse', suite, '--checklist', '-c', configuration, '--report', report]

  const alone = await sluice(t, ...begin)
  t.match(alone, { code: 3, stdout: `3 passed, 0 failed, 3 not done: ${report}\n` })
  const text = readFileSync(report, 'utf8')
  t.match(text, /\| staging configuration verified \| not done \| name the operations listener/)
  t.match(text, /\| lint \| passed \|.*routes: \d+, policies: \d+, upstreams: \d+; accepted warnings: \d+/)
  t.match(text, /\| release tagged \| not done \| [^|]* \| fatal: not a git repository/)
  t.match(text, /\| rollback proven \| not done \| name the configuration to go back to/)
  t.match(text, /\| files \| enforce \| tests@example.com \| what the test says \| none \|/)

  const git = (...args: readonly string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' })
  git('init', '--quiet')
  git('add', 'sluice.yaml')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'one')
  const gateway = await serveSluice(t, ['-c', configuration])
  const staging = ['--operations', gateway.operationsUrl, '--target', gateway.url, '--rate', '1000']
  const untagged = await sluice(t, ...begin, ...staging, '--rollback-from', older)
  t.match(untagged, { code: 1, stdout: `5 passed, 1 failed, 0 not done: ${report}\n` })
  t.match(readFileSync(report, 'utf8'), /\| release tagged \| failed \| the commit has no tag \|/)
  git('tag', 'v1')
  const whole = await sluice(t, ...begin, ...staging, '--rollback-from', older, '--tag', 'v1')
  t.match(whole, { code: 0, stdout: `6 passed, 0 failed, 0 not done: ${report}\n` })
  t.match(readFileSync(report, 'utf8'), /\| rollback proven \| passed \| the older configuration starts/)

  const asOlder = [...begin.with(4, older), '--format', 'json', '--tag', 'v2']
  const other = await sluice(t, ...asOlder, '--operations', gateway.operationsUrl, '--rollback-from', older)
  t.equal(other.code, 1)
  const found = JSON.parse(readFileSync(report, 'utf8'))
  t.match(found, { version: /^\d/, configuration: { file: older, hash: /^[0-9a-f]{16}$/ }, date: /^\d{4}-/ })
  t.match(found.lines.slice(3), [
    { what: 'staging configuration verified', state: 'failed', reason: /^the gateway there runs another/ },
    { what: 'release tagged', state: 'failed', reason: 'the configuration is not committed' },
    { what: 'rollback proven', state: 'failed', reason: 'it is the same configuration' },
  ])
})
