import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { drift } from '../../src/commands/generate.ts'

const top = join(import.meta.dirname, '../..')
const bin = join(top, 'src/bin.mjs')
const folder = join(top, 'test/fixtures/configs')
const secrets = {
  TEST_TOKEN: 'a-secret-of-the-tests',
  TEST_HOST: 'host.invalid',
  TEST_SIZE: '160MiB',
  TEST_EMPTY: '',
  TEST_SECRET: 'thirty-two-characters-at-the-least',
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function sluice(args: readonly string[], cwd = folder, before: readonly string[] = []): Promise<Ended> {
  const demo = { SLUICE_DEMO_URL: 'http://127.0.0.1:9', SLUICE_DEMO_FOLDER: '/tmp', SLUICE_DEMO_SECRET: 's'.repeat(32) }
  const env = { ...process.env, ...secrets, ...demo }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...before, bin, ...args], { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      if (typeof code === 'number') resolve({ code, stdout, stderr })
      else reject(error ?? new Error('ended without a code'))
    })
  })
}

t.test('check', async (t) => {
  const good = await sluice(['check', 'minimal.good.yaml'])
  t.match(good, { code: 0, stderr: '' })
  t.match(good.stdout, /^minimal\.good\.yaml: fine: 1 route, 0 policies, 1 upstream \([0-9a-f]{16}\)\n$/)
  for (const name of ['secrets', 'limits', 'references']) {
    const expected = readFileSync(join(folder, `${name}.bad.expected`), 'utf8')
    const faults = expected.trimEnd().split('\n').length
    const stdout = `${expected}${name}.bad.yaml: ${faults} faults\n`
    t.same(await sluice(['check', `${name}.bad.yaml`]), { code: 1, stdout, stderr: '' }, name)
  }
  const absent = 'none.yaml: found no file of this name, expected a configuration file\nnone.yaml: 1 fault\n'
  t.same(await sluice(['check', 'none.yaml']), { code: 1, stdout: absent, stderr: '' })
  t.match(await sluice(['check', '.']), { code: 1, stdout: /^\.: found a folder, expected a configuration file\n/ })
})

t.test('check warns', async (t) => {
  const { code, stdout, stderr } = await sluice(['check', 'accepted.lint.yaml'])
  t.same({ code, stderr }, { code: 3, stderr: '' })
  const expected = readFileSync(join(folder, 'accepted.lint.expected'), 'utf8').trimEnd().split('\n')
  const lines = stdout.trimEnd().split('\n')
  t.same(lines.filter((_, index) => index % 3 === 0).slice(0, -1), expected)
  t.match(lines.slice(0, 3), [/ \[lint\.[a-z.]+\]$/, /^ {4}why: ./, /^ {4}fix: ./])
  t.match(
    lines.at(-1),
    /^accepted\.lint\.yaml: \d+ warnings, \d+ notes, 3 accepted: 3 routes, 2 policies, 1 upstream \(/,
  )
})

t.test('check --json', async (t) => {
  const warned = await sluice(['check', '--json', 'accepted.lint.yaml'])
  t.equal(warned.code, 3)
  t.match(JSON.parse(warned.stdout), {
    file: 'accepted.lint.yaml',
    hash: /^[0-9a-f]{16}$/,
    faults: [],
    warnings: [
      { id: 'lint.audit.none', level: 'note', line: 1, column: 1, path: 'audit.file', of: null },
      { id: 'lint.accept.unused', level: 'warning', line: 6, column: 7, path: 'check.accept[2]', of: null },
    ],
    accepted: [{ id: 'lint.policy.owner', of: 'photos', because: 'one team owns the whole file' }],
  })
  const faulty = await sluice(['check', '--json', 'accept.bad.yaml'])
  t.equal(faulty.code, 1)
  const document = JSON.parse(faulty.stdout)
  t.match(document, { hash: null, warnings: [], accepted: [] })
  t.equal(
    document.faults.length,
    readFileSync(join(folder, 'accept.bad.expected'), 'utf8').trimEnd().split('\n').length,
  )
})

t.test('diff', async (t) => {
  const files = t.testdir({
    'old.yaml': withPolicy('extends: images'),
    'new.yaml': withPolicy('extends: images, files: { size: 50MiB, count: 1 }'),
    'bad.yaml': 'version: 2',
  })
  const words = [
    'loosened   POST /upload takes files of up to 50MiB, before 25MiB',
    'tightened  POST /upload takes at most 1 files, before 10',
    '1 loosened, 0 moved, 0 changed, 1 tightened',
  ]
  const stdout = `${words.join('\n')}\n`
  t.same(await sluice(['diff', 'old.yaml', 'new.yaml', '--fail-on', 'loosened'], files), {
    code: 3,
    stdout,
    stderr: '',
  })
  t.match(await sluice(['diff', 'old.yaml', 'bad.yaml'], files), {
    code: 1,
    stdout: '',
    stderr: /^bad\.yaml:1:10: version: found 2, expected 1$/m,
  })
  const { code, stdout: json } = await sluice(['diff', '--json', 'old.yaml', 'new.yaml'], files)
  t.equal(code, 0)
  t.match(JSON.parse(json), {
    before: { hash: /^[0-9a-f]{16}$/ },
    differences: [
      { effect: 'loosened', path: 'policies.files.files.size', before: 26_214_400, after: 52_428_800 },
      { effect: 'tightened', path: 'policies.files.files.count', before: 10, after: 1 },
    ],
  })
})

function withPolicy(policy: string): string {
  return `version: 1
upstreams: { app: { urls: [http://app] } }
policies: { files: { ${policy} } }
routes: [{ path: /upload, methods: [POST], upstream: app, policy: files }]
`
}

t.test('the configurations that come with Sluice are good', async (t) => {
  for (const name of ['demo.yaml', 'sluice.yaml'])
    t.match(await sluice(['check', name], join(top, 'config')), { code: 0 }, name)
})

t.test('schema prints what is in config/', async (t) => {
  const { code, stdout } = await sluice(['schema'])
  t.equal(code, 0)
  t.equal(stdout, readFileSync(join(top, 'config/sluice.schema.json'), 'utf8'))
})

t.test('generated files are as the code says, in both directions', async (t) => {
  t.same(drift(top), [], 'npm run generate')
  const copy = t.testdir()
  mkdirSync(join(copy, 'config'))
  cpSync(join(top, 'config/sluice.schema.json'), join(copy, 'config/sluice.schema.json'))
  cpSync(join(top, 'docs/reference'), join(copy, 'docs/reference'), { recursive: true })
  t.same(drift(copy), [])
  writeFileSync(join(copy, 'docs/reference/metrics.md'), '# Metrics by hand\n')
  writeFileSync(join(copy, 'docs/reference/orphan.md'), '# No generator\n')
  t.same(drift(copy), ['docs/reference/metrics.md', 'docs/reference/orphan.md'])
  t.match(await sluice(['generate', '--check']), { code: 0, stdout: '' })
})

const helps: readonly (readonly string[])[] = [
  ['--help'],
  ['-h'],
  ['help'],
  ['check', '--help'],
  ['diff', '--help'],
  ['schema', '-h'],
  ['generate', '--help'],
]

const misuses: readonly (readonly [args: readonly string[], stderr: RegExp])[] = [
  [[], /^sluice: a command is missing\n\nUsage: sluice COMMAND/],
  [['chekc', 'x'], /^sluice: unknown command "chekc", did you mean check\?\n/],
  [['--verbose'], /^sluice: unknown option "--verbose"\n/],
  [['constructor'], /^sluice: unknown command "constructor"\n/],
  [['check'], /^sluice: an argument is missing\n\nUsage: sluice check FILE /],
  [['check', 'a', 'b'], /^sluice: unexpected argument "b"\n/],
  [['check', '--jsn', 'a'], /^sluice: Unknown option '--jsn'\n\nUsage: sluice check FILE /],
  [['diff', 'a'], /^sluice: an argument is missing\n\nUsage: sluice diff OLD NEW /],
  [['diff', 'a', 'b', '--fail-on', 'moved'], /^sluice: --fail-on takes loosened\n/],
  [['schema', 'x'], /^sluice: unexpected argument "x"\n/],
]

t.test('help, version and misuse', async (t) => {
  for (const args of helps)
    t.match(await sluice(args), { code: 0, stdout: /^Usage: sluice /, stderr: '' }, args.join(' '))
  t.match(await sluice(['--version']), { code: 0, stdout: /^sluice \d+\.\d+\.\d+\n$/ })
  for (const [args, stderr] of misuses) t.match(await sluice(args), { code: 2, stdout: '', stderr }, args.join(' '))
})

const loading: readonly (readonly string[])[] = [
  ['replay', 'audit.jsonl', '-c'],
  ['why', 'an-id', '-c'],
  ['history', '-c'],
  ['doctor', '-c'],
  ['serve', '-c'],
  ['rehearse', '-c'],
  ['inspect', 'file', '--policy', 'documents', '-c'],
  ['quarantine', 'list', '-c'],
  ['check'],
]

t.test('a configuration that cannot be loaded is told alike by all, and steers no terminal', async (t) => {
  const told = await Promise.all(loading.map((args) => sluice([...args, 'no\u202eyaml.\u001b[2J'])))
  for (const [index, { code, stdout, stderr }] of told.entries()) {
    const what = loading[index]?.join(' ') ?? ''
    t.equal(code, 1, what)
    t.match(stdout + stderr, /^no\ufffdyaml\.\ufffd\[2J: found /, what)
  }
})

t.test('an old Node is told so', async (t) => {
  const old =
    'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})'
  const stderr =
    'sluice: needs Node.js 26 or later and runs on 20.20.2; in a checkout, "npm start" and "npx sluice" bring their own.\n'
  t.same(await sluice(['--version'], folder, ['--import', old]), { code: 78, stdout: '', stderr })
  const source = readFileSync(bin, 'utf8')
  t.notMatch(
    source,
    /^import\s|=>|`|\b(const|let|async|await|class)\b|\?\.|\?\?/m,
    'nothing that an old parser stumbles over',
  )
})
