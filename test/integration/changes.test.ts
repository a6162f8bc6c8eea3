import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Changes } from '../../src/changes/changes.ts'
import { hashOf } from '../../src/config/snapshot.ts'
import { startOperations } from '../../src/operations/listener.ts'
import { benchOf, folderOf, requests, type Test, textOf, until } from '../support/changes-bench.ts'
import { runSluice } from '../support/sluice-process.ts'

const token = 'a-token-of-operators'

async function listen(t: Test, changes: Changes | null): Promise<string> {
  const operations = await startOperations({
    address: { host: '127.0.0.1', port: 0 },
    token,
    metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', render: async () => '' },
    ready: () => ({ ready: true, checks: [] }),
    quarantine: null,
    changes,
  })
  t.teardown(operations.close)
  return `http://127.0.0.1:${operations.address.port}`
}

const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
const by = { who: 'ada', why: 'larger photographs' }

async function ask(url: string, path: string, body?: unknown, over: Record<string, string> = {}) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const response = await fetch(`${url}${path}`, { headers: { ...headers, ...over }, ...init })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

t.test('the operations listener changes the configuration', async (t) => {
  const bench = await benchOf(t)
  const url = await listen(t, bench.changes)
  const text = textOf('2MiB')
  t.match(await ask(url, '/configuration'), {
    status: 200,
    body: { number: 1, hash: hashOf(textOf('1MiB')), trial: null },
  })
  t.match(await ask(url, '/configuration/check', { text }), {
    status: 200,
    body: { differences: [{ effect: 'loosened' }] },
  })
  t.match(await ask(url, '/configuration', { text, ...by }), { status: 200, body: { outcome: 'applied', number: 2 } })
  t.match(await ask(url, '/configuration/history'), {
    body: { entries: [{ number: 2, window: 3_600_000 }, { number: 1 }] },
  })
  t.match(await ask(url, '/configuration/rollback', by), { body: { outcome: 'applied', number: 3 } })
  const trial = { text, ...by, trial: '30m', window: '10m', guards: ['refused_ratio < 2%'] }
  t.match(await ask(url, '/configuration', trial), {
    body: { number: 4, trial: { guards: ['refused_ratio < 2% after 20'] } },
  })
  t.match(await ask(url, '/configuration'), { body: { trial: { number: 4 }, ...by } })
  t.match(await ask(url, '/configuration/trial/revert', by), { body: { outcome: 'reverted', number: 4 } })
  await ask(url, '/configuration', trial)
  t.match(await ask(url, '/configuration/trial/confirm', by), { body: { outcome: 'confirmed', number: 5 } })
  writeFileSync(bench.file, textOf('3MiB'))
  t.match(await ask(url, '/configuration/reload', by), { body: { outcome: 'applied', number: 6 } })
})

const refusals = [
  ['/configuration', { text: 'a: [', ...by }, 422, 'configuration.faulty', /^line 1, column 4: found/],
  ['/configuration', { text: textOf('2MiB', { ledger: {} }), ...by }, 409, 'configuration.restart', /ledger\.file/],
  [
    '/configuration',
    { text: textOf('2MiB'), ...by, trial: '1m', guards: ['x < 2'] },
    422,
    'configuration.guard',
    /^guard 1, column 1/,
  ],
  ['/configuration/check', { text: textOf('0MiB') }, 422, 'configuration.faulty', /policies\.photos\.files\.size/],
  ['/configuration/rollback', { ...by, number: 7 }, 404, 'configuration.absent', /no entry 7/],
  ['/configuration/trial/confirm', by, 409, 'configuration.noTrial', /no trial/],
  ['/configuration', { text: '', who: 'ada' }, 400, 'operations.body', /^why is missing/],
  ['/configuration', { text: '', ...by, trial: 'soon' }, 400, 'operations.body', /^trial is "soon"$/],
  ['/configuration', { text: '', ...by, why: '' }, 400, 'operations.body', /^why is ""$/],
  [
    '/configuration',
    { text: '', ...by, guards: Array(9).fill('x') },
    400,
    'operations.body',
    /^guards is a list of 9$/,
  ],
  ['/configuration', { text: '', ...by, guards: ['x', ''] }, 400, 'operations.body', /^guards is ""$/],
  ['/configuration', { text: '', ...by, sooner: 1 }, 400, 'operations.body', /"sooner" is no key/],
  ['/configuration', { text: 'x'.repeat(2 ** 20), ...by }, 400, 'operations.body', /more than 1048576 bytes/],
  ['/configuration', [], 400, 'operations.body', /no JSON object/],
] as const

t.test('what is refused is told as a problem', async (t) => {
  const bench = await benchOf(t)
  const url = await listen(t, bench.changes)
  for (const [path, body, status, id, failed] of refusals) {
    const problems = [{ id, failed }]
    t.match(
      await ask(url, path, body),
      { status, body: { type: `urn:sluice:problem:${id}`, problems } },
      `${path} ${id}`,
    )
  }
  t.equal((await ask(url, '/configuration', undefined, { Authorization: 'Bearer wrong' })).status, 401)
  t.equal(
    (await ask(url, '/configuration/reload', by, { Origin: 'http://evil.example' })).status,
    403,
    'not from a page',
  )
  t.equal((await ask(url, '/configuration/reload', by, { 'Content-Type': 'text/plain' })).status, 415)
  t.equal((await ask(await listen(t, null), '/configuration')).status, 404)
  mkdirSync(join(bench.folder, 'away'))
  rmSync(join(bench.folder, 'ledger.jsonl'))
  mkdirSync(join(bench.folder, 'ledger.jsonl'))
  t.match(await ask(url, '/configuration/history'), {
    status: 503,
    body: { type: 'urn:sluice:problem:configuration.failed' },
  })
})

t.test('the commands tell the story', async (t) => {
  const bench = await benchOf(t)
  const url = await listen(t, bench.changes)
  const fresh = join(folderOf(t), 'new.yaml')
  const run = async (...args: string[]) => {
    const sluice = runSluice(t, args, ['env', `SLUICE_TOKEN=${token}`])
    const { code } = await sluice.ended
    return { code, stdout: sluice.stdout(), stderr: sluice.stderr() }
  }
  const at = ['--operations', url, '--who', 'ada']
  writeFileSync(fresh, textOf('9 apples'))
  const faulty = await run('apply', fresh, '--why', 'x', '--yes', ...at)
  t.match(faulty, {
    code: 1,
    stdout: '',
    stderr: /new\.yaml: The configuration has faults\n +line .*files\.size: found "9 apples"; expected a size/,
  })
  writeFileSync(fresh, textOf('2MiB'))
  const applied = await run('apply', fresh, '--why', 'larger photographs', '--expect', 'fewer refusals', '--yes', ...at)
  t.match(applied, { code: 0, stderr: '' })
  t.match(applied.stdout, /^loosened {3}\/claims takes files of up to 2MiB.*\nentry 2: [0-9a-f]{16} is in force\n$/)
  writeFileSync(fresh, textOf('4MiB'))
  const guard = 'refused_ratio{route="/claims"} < 2%'
  const tried = await run('apply', fresh, '--why', 'more', '--trial', '30m', '--guard', guard, '--yes', ...at)
  t.match(tried.stdout, /entry 3: [0-9a-f]{16} is in force on trial\n {2}until .*\n {2}guard refused_ratio/)
  t.match(tried.stdout, `to keep it: sluice apply --confirm --operations ${url}\n`)
  bench.counted.push(requests('refused', 10), requests('released', 90))
  await bench.clock.advance(1000)
  await until(async () => (await bench.changes.history())[2]?.end !== null)
  t.match(await run('apply', '--confirm', ...at), { code: 1, stderr: /No configuration is on trial/ })
  const rolled = await run('rollback', '--why', 'not needed', '--json', ...at)
  t.match(JSON.parse(rolled.stdout), { outcome: 'applied', number: 4, hash: hashOf(textOf('1MiB')) })
  const history = await run('history', '-c', bench.file)
  t.match(history, { code: 0, stderr: '' })
  t.match(
    history.stdout,
    new RegExp(
      [
        '^ +4 {2}.* rollback .* ada: not needed\n +back to entry 2?1?',
        ' +3 {2}.* trial .* ada: more\n',
        'reverted at .* by sluice: a guard did not hold: .* \\(it was 10%\\)\n',
        ' +2 {2}.* apply .* ada: larger photographs\n +1 loosened\n +expected: fewer refusals\n',
        ' +1 {2}.* start ',
      ].join('[^]*'),
    ),
  )
  t.match(JSON.parse((await run('history', '-c', bench.file, '--json')).stdout), {
    entries: [{ number: 4 }, { number: 3 }, {}, {}],
  })
  const one = await run('history', '2', '-c', bench.file)
  t.match(one.stdout, /loosened: \/claims takes[^]*policy photos expects: what the test says[^]*size: 2MiB/)
  t.match(await run('history', '9', '-c', bench.file), { code: 1, stderr: /no entry 9/ })
  t.equal(readFileSync(bench.file, 'utf8'), textOf('1MiB'))
})

const misuses = [
  [['apply'], /file of the new configuration is missing/],
  [['apply', 'new.yaml', '--yes'], /--why is missing/],
  [['apply', 'new.yaml', '--why', 'x'], /--yes is missing, and there is no terminal/],
  [['apply', 'new.yaml', '--why', 'x', '--yes', '--guard', 'requests < 2'], /--guard needs --trial/],
  [['apply', '--confirm', '--revert'], /exclude each other/],
  [['apply', 'new.yaml', '--confirm'], /take no file/],
  [['apply', '--confirm'], /the gateway is not named/],
  [['rollback', 'x', '--why', 'x'], /"x" is no number of an entry/],
  [['rollback', '--why', 'x'], /the gateway is not named/],
  [['history', '1', '2'], /unexpected argument "2"/],
  [['history'], /a configuration is missing/],
] as const

t.test('a wrong command line is told as one', async (t) => {
  const ended = misuses.map(async ([args, told]) => {
    const sluice = runSluice(t, [...args])
    t.match(await sluice.ended, { code: 2 }, args.join(' '))
    t.match(sluice.stderr(), told, args.join(' '))
  })
  await Promise.all(ended)
  const away = runSluice(t, ['rollback', '--why', 'x', '--operations', 'http://127.0.0.1:9'])
  t.match(await away.ended, { code: 1 })
  t.match(away.stderr(), /^sluice: no gateway answers at http:\/\/127\.0\.0\.1:9/)
})
