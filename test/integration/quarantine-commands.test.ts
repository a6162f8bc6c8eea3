/** `sluice quarantine`, and what the gateway and `sluice doctor` say of entries that cannot be read. */
import { readFileSync, renameSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { answering, keepUpload, refusedUpload } from '../support/review.ts'
import { asRead, backendOf, directoryStore, encrypt, folderOf, readLines, type Test } from '../support/review-bench.ts'
import { runSluice, serveSluice, writeConfiguration } from '../support/sluice-process.ts'

t.jobs = 3
const buffered = { buffered: true }

/** A quarantine with its configuration, another one whose secret opens nothing, and the command. */
async function setUp(t: Test) {
  const backend = await backendOf(t)
  const folder = folderOf(t)
  const configured = (secret: string, name: string): string => {
    const file = join(folder, name)
    const quarantine = { directory: 'quarantine', encrypt: secret, keepFree: '0B', size: '4MiB' }
    renameSync(writeConfiguration(folder, backend.url, { quarantine, ledger: { file: 'ledger.jsonl' } }), file)
    return file
  }
  const config = configured(encrypt, 'right.yaml')
  const start = (action: string, ...args: string[]) => runSluice(t, ['quarantine', action, ...args, '-c', config])
  const ended = async (sluice: ReturnType<typeof runSluice>) => {
    const { code } = await sluice.ended
    return { code, stdout: sluice.stdout(), stderr: sluice.stderr() }
  }
  const run = (action: string, ...args: string[]) => ended(start(action, ...args))
  return { backend, folder, config, configured, store: await directoryStore(folder), start, run, ended }
}

t.test('list, show, save, delete, and wrong command lines', buffered, async (t) => {
  const { folder, store, run } = await setUp(t)
  t.match(await run('list'), { code: 0, stdout: 'there is no entry\n' })
  const steering = [{ name: 'a\u001b[2Jb', file: 'c\u202Etxt.exe', content: 'evil\n' }]
  const id = await keepUpload(store, refusedUpload([...steering, { name: 'note', content: 'x' }]))
  const output = join(folder, 'part')
  const [listed, shown, document, saved, ...wrong] = await Promise.all([
    run('list'),
    run('show', id),
    run('show', id, '--json'),
    run('show', id, '--part', '1', '--output', output),
    run('show', id, '--part', '9', '--output', join(folder, 'other')),
    run('delete', id),
    run('release', id, '--reason', ' '),
    run('free', id),
  ])
  t.match(listed.stdout, new RegExp(`^${id}  held +\\S+Z  POST /upload\n`))
  t.match(listed.stdout, 'file.type.mismatch')
  t.match(shown.stdout, 'part 1: file "a\uFFFD[2Jb" named "c\uFFFDtxt.exe", 5 bytes, not inspected')
  t.notMatch(shown.stdout, /[\u001b\u202e]/)
  t.notMatch(document.stdout, /[\u001b\u202e]/)
  t.match(JSON.parse(document.stdout), {
    id,
    state: 'held',
    parts: [{ name: 'a\u001b[2Jb', filename: 'c\u202Etxt.exe' }, { part: 2 }],
  })
  t.match(saved, { code: 0 })
  t.equal(readFileSync(output, 'utf8'), 'evil\n')
  t.equal(statSync(output).mode & 0o777, 0o600)
  t.match(wrong, [
    { code: 1, stderr: /has no part 9/ },
    { code: 2, stderr: /--reason is missing/ },
    { code: 2, stderr: /--reason is empty/ },
    { code: 2, stderr: /unknown action "free"/ },
  ])
  const [again, deleted] = await Promise.all([
    run('show', id, '--part', '2', '--output', output),
    run('delete', id, '--reason', 'evil', '--by', 'eve'),
  ])
  t.match(again, { code: 1, stderr: /exists already|there is no entry/ })
  t.match(deleted, { code: 0, stdout: `${id}: deleted\n` })
  t.match(await run('delete', id, '--reason', 'evil'), { code: 1, stderr: /there is no such entry/ })
  t.match(readLines(join(folder, 'ledger.jsonl')), [
    { action: 'quarantine.delete', who: 'eve', why: 'evil', subject: id },
  ])
})

t.test('a release that is under way, that is killed, and that goes on', buffered, async (t) => {
  const { backend, store, start, run, ended } = await setUp(t)
  const id = await keepUpload(store)
  backend.respond = () => undefined
  const stalled = start('release', id, '--reason', 'fine', '--by', 'ada')
  while (backend.received.length === 0) await wait(10)
  const [underWay, shown, ...others] = await Promise.all([
    run('list'),
    run('show', id),
    run('release', id, '--reason', 'me too'),
    run('release', id, '--reason', 'me too', '--again'),
    run('delete', id, '--reason', 'me too', '--again'),
  ])
  t.match(underWay.stdout, /releasing .*\n.*\n.*\n +quarantine\.release by ada at .* \(fine\): under way/)
  t.match(shown.stdout, `entry     ${id}, releasing\n`)
  for (const other of others) t.match(other, { code: 1, stderr: /ada \(.*\) is releasing it/ })
  stalled.kill('SIGKILL')
  await ended(stalled)
  backend.respond = answering(201, 'taken')
  const [listed, plain] = await Promise.all([run('list'), run('release', id, '--reason', 'me too')])
  t.match(listed.stdout, /unclear .*\n.*\n.*\n +quarantine\.release by ada at .* \(fine\): no end is known/)
  t.match(plain, { code: 1, stderr: /it is unclear whether[^]*--again/ })
  t.equal(backend.begun(), 1)
  const again = await run('release', id, '--reason', 'it is not there', '--again', '--json')
  t.match(JSON.parse(again.stdout), { outcome: 'released', answer: { status: 201 } })
  t.equal(backend.begun(), 2)
  t.strictSame(backend.received[1]?.parts, asRead)
  t.match(await run('list', '--json'), { stdout: /"entries": \[\]/ })
})

t.test('entries that cannot be read are told of, and can be deleted', buffered, async (t) => {
  const { folder, store, configured, run } = await setUp(t)
  const [damaged, strange] = [await keepUpload(store), await keepUpload(store)].sort() as [string, string]
  const path = join(folder, 'quarantine', 'held', damaged)
  truncateSync(path, 30)
  const wrong = configured('another secret of thirty-two characters', 'wrong.yaml')
  const gateway = await serveSluice(t, ['-c', wrong])
  const [doctor, listed, released] = [
    runSluice(t, ['doctor', '-c', wrong, '--json']),
    runSluice(t, ['quarantine', 'list', '-c', wrong]),
    runSluice(t, ['quarantine', 'release', strange, '--reason', 'fine', '-c', wrong]),
  ] as const
  await gateway.logs('2 entries of the quarantine cannot be read: they are damaged, or their key is none of')
  await Promise.all([doctor.ended, listed.ended, released.ended])
  t.match(listed.stdout(), new RegExp(`^${damaged}  unreadable .*30 bytes\n    the entry is damaged\n`))
  t.match(listed.stdout(), new RegExp(`\n${strange}  unreadable .*\n    .*a secret that is not configured\n`))
  t.match(released.stderr(), /nothing was sent: .*not configured/)
  const { checks } = JSON.parse(doctor.stdout()) as { checks: { what: string; level: string; detail: string }[] }
  t.match(
    checks.filter(({ what, level }) => what === 'quarantine' && level === 'warn'),
    [
      {
        detail: /^2 entries cannot be read: .*damaged; .*not configured|not configured; .*damaged/,
        fix: /previousKeys/,
      },
    ],
  )
  const answer = await fetch(`${gateway.operationsUrl}/quarantine`)
  t.match(await answer.json(), { entries: [], unreadable: [{ id: strange, state: 'held' }, { id: damaged }] })
  t.match(await run('delete', damaged, '--reason', 'nobody can read it'), { code: 0, stdout: /deleted/ })
  t.match(readLines(join(folder, 'ledger.jsonl')).at(-1), { subject: damaged, why: 'nobody can read it' })
  t.match(await run('list', '--json'), { stdout: new RegExp(`"id": "${strange}"[^]*"unreadable": \\[\\]`) })
})
