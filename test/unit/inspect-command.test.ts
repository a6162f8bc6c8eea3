import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { examine } from '../../src/commands/inspect/examine.ts'
import { policyOfPack } from '../../src/commands/inspect/pack-policy.ts'
import type { Inspection } from '../../src/path/5-inspection/isolation/inspection.ts'
import { withArticle } from '../../src/policy/words.ts'
import { peHeader, zipBehind } from '../support/disguise-zoo.ts'
import { jpeg, office, pdf, png, zip } from '../support/files.ts'
import { svg } from '../support/markup-zoo.ts'
import { script, pdf as scriptedPdf } from '../support/pdf-zoo.ts'

const top = t.testdir()
const bin = join(import.meta.dirname, '../../src/bin.mjs')

/** Halves the time of a start; the hooks that the test runner gives each Node process would double it. */
const { NODE_OPTIONS: _, ...inherited } = process.env
const env = { ...inherited, NODE_COMPILE_CACHE: join(top, 'compiled') }

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      if (typeof code === 'number') resolve({ code, stdout, stderr })
      else reject(error ?? new Error('ended without a code'))
    })
  })
}

const configuration = `version: 1
upstreams: { backend: { urls: [http://127.0.0.1:9] } }
routes: [{ path: /**, upstream: backend }]
policies:
  lenient: { extends: documents, mode: report }
  mixed:
    extends: documents
    modes: { file.type.refused: report, file.type.mismatch: off }
    files: { pdf: { javascript: keep }, archive: { encrypted: keep } }
  pictures:
    extends: images
    files: { types: [jpeg, png, svg], image: { metadata: strip }, markup: { script: sanitise } }
`

const catalogue = `<</Type/Catalog/Pages 2 0 R/OpenAction ${script}>>`
const files: Readonly<Record<string, string | Buffer>> = {
  'note.txt': 'Grüße\n',
  'empty.pdf': '',
  'good.pdf': pdf(),
  'scripted.pdf': scriptedPdf([catalogue, '<</Type/Pages/Kids[]/Count 0>>']),
  'photo.jpg': jpeg(),
  'marked.png': png('taken at home'),
  'drawing.svg': svg('<script>alert(1)</script>'),
  'program.pdf': Buffer.concat([Buffer.from('MZ'), peHeader()]),
  'macros.docx': office('word', true),
  'good.zip': zip([{ name: 'note.txt', data: 'hello' }]),
  'several.zip': zip([
    { name: '../up.txt', data: 'x' },
    { name: 'a.txt', data: 'x' },
    { name: 'A.txt', data: 'y' },
    { name: 'setup.exe', data: 'x' },
  ]),
  'twofold.jpg': zipBehind(jpeg()),
  'evil\x1b]0;x\x07\x1b[31m\r\n\u202e.txt': 'x',
  '設計図面.txt': 'x',
  'sluice.yaml': configuration,
  'broken.yaml': 'version: 1\npolices: {}\n',
}

const folder = join(top, 'files')
mkdirSync(folder)
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
mkdirSync(join(folder, 'folder'))
symlinkSync('nowhere', join(folder, 'dangling'))
execFileSync('mkfifo', [join(folder, 'pipe')])
writeFileSync(join(folder, 'huge.bin'), '')
truncateSync(join(folder, 'huge.bin'), 26 * 2 ** 20)

const inspect = (...args: string[]): Promise<Ended> => run(process.execPath, [bin, 'inspect', ...args], folder)
const configured = ['-c', 'sluice.yaml', '--policy']

/** By policy, what the report says of each file. */
const reports: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  documents: {
    'note.txt': /^clean {7}note\.txt {6}text, 8 bytes, encoded as utf-8$/,
    'empty.pdf': /^clean .* {2}an empty file$/,
    'good.pdf': /^clean .* {2}PDF, \d+ bytes/,
    'scripted.pdf':
      /^refused {5}scripted\.pdf {2}PDF.*\n {4}file\.pdf\.javascript\n {8}failed: {4}.*JavaScript.*\n {8}expected: {2}a PDF without scripts\n {8}to allow: {2}files\.pdf\.javascript: keep$/,
    'program.pdf':
      /^refused .*\n {4}file\.type\.\w+\n {8}failed: {4}content is .*\n {8}expected: {2}PDF.*\n {8}to allow: {2}modes: \{ file\.type\.\w+: report \}$/,
    'macros.docx': /^refused [^]*\n {8}failed: {4}content is a Word document with macros\n/,
    'huge.bin': /^refused [^]*file\.size\n {8}failed: {4}the file has 26 MiB\n {8}expected: {2}at most 25 MiB\n/,
    '設計図面.txt': /^clean {7}設計図面\.txt {2}text, 1 byte, /,
    folder: /^unreadable {2}folder {8}it is a folder$/,
    absent: /^unreadable {2}absent {8}there is no such file$/,
    dangling: /^unreadable {2}dangling {6}there is no such file$/,
    pipe: /^unreadable {2}pipe {10}it is no ordinary file$/,
    '/dev/zero': /^unreadable {2}\/dev\/zero {5}it is no ordinary file$/,
  },
  archives: {
    'good.zip': /^clean {7}good\.zip {5}ZIP archive, \d+ bytes, 1 member, 5 bytes unpacked$/,
    'several.zip': /^refused [^]*file\.archive\.member\n[^]*file\.archive\.path\n[^]*file\.archive\.duplicate\n/,
  },
  images: {
    'photo.jpg': /^clean .* {2}JPEG image, \d+ bytes, \d+ by \d+ pixels$/,
    'twofold.jpg': /^refused [^]*file\.disguise\.polyglot\n {8}failed: {4}it is a ZIP archive as well/,
  },
  lenient: { 'program.pdf': /^clean [^]*\n {4}file\.type\.\w+ \(only reported\)\n/ },
  mixed: { 'scripted.pdf': /^clean .*$/, 'photo.jpg': /^clean [^]*file\.type\.refused \(only reported\)\n/ },
  pictures: {
    'marked.png': /^clean .*, would travel without its metadata$/,
    'drawing.svg': /^clean .*, would travel without its scripts$/,
  },
  anything: { 'drawing.svg': /^refused [^]*to allow: {2}files\.markup\.script: keep$/ },
}

t.test('what the report says of each file, and the exit code', async (t) => {
  for (const [policy, cases] of Object.entries(reports)) {
    const { code, stdout, stderr } = await inspect(...Object.keys(cases), ...configured, policy)
    const [blocks = '', summary = ''] = stdout.split('\n\n')
    const told = blocks.split(/\n(?! )/)
    for (const [index, [name, words]] of Object.entries(cases).entries())
      t.match(told[index], words, `${policy} ${name}`)
    const fine = told.every((block) => block.startsWith('clean'))
    t.match({ code, stderr }, { code: fine ? 0 : 1, stderr: '' }, policy)
    const count = told.length === 1 ? '1 file' : `${told.length} files`
    t.match(summary, `${count} under policy ${policy}: `)
    t.equal(summary.includes('(mode: report,'), policy === 'lenient')
  }
})

const misuses: readonly (readonly [args: readonly string[], code: number, stderr: RegExp])[] = [
  [[], 2, /^sluice: an argument is missing\n\nUsage: sluice inspect FILE/],
  [['--policy', 'documents'], 2, /^sluice: an argument is missing\n/],
  [['note.txt'], 2, /^sluice: --policy is missing\n/],
  [['note.txt', '--policy', 'documens'], 2, /^sluice: no pack is named "documens"; did you mean documents\?\n/],
  [
    ['note.txt', '--policy', 'constructor'],
    2,
    /^sluice: no pack is named "constructor"; name its configuration with -c\n/,
  ],
  [
    ['note.txt', ...configured, 'mixd'],
    2,
    /^sluice: sluice\.yaml has no policy "mixd", only lenient, mixed, pictures; did you mean mixed\?\n/,
  ],
  [['note.txt', '--polcy', 'x'], 2, /^sluice: Unknown option '--polcy'\n/],
  [
    ['note.txt', '-c', 'broken.yaml', '--policy', 'x'],
    1,
    /^broken\.yaml:1:1: [^]*broken\.yaml:2:1: found the key "polices"/,
  ],
  [['note.txt', '-c', 'none.yaml', '--policy', 'x'], 1, /^none\.yaml: found no file of this name/],
]

t.test('wrong command lines and configurations', async (t) => {
  for (const [args, code, stderr] of misuses)
    t.match(await inspect(...args), { code, stdout: '', stderr }, args.join(' '))
  t.match(await inspect('--help'), { code: 0, stdout: /^Usage: sluice inspect [^]*Exit code: 0 / })
})

const steering = /[\p{Cf}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u

t.test('no name steers a terminal, and all else of it is shown', async (t) => {
  const evil = Object.keys(files).find((name) => name.startsWith('evil')) ?? ''
  const table = await inspect(evil, `absent${evil}`, '--policy', 'documents')
  t.match(table, { code: 1, stdout: /evil\uFFFD\]0;x\uFFFD\uFFFD\[31m\uFFFD\uFFFD\uFFFD\.txt/, stderr: '' })
  t.notMatch(table.stdout, steering)
  const json = await inspect(evil, '--policy', 'documents', '--json')
  t.notMatch(json.stdout, steering)
  t.equal((JSON.parse(json.stdout) as { files: [{ path: string }] }).files[0].path, evil)
})

t.test('JSON has everything, and twice the same', async (t) => {
  const args = ['several.zip', 'absent', 'note.txt', '--policy', 'archives', '--json']
  const first = await inspect(...args)
  t.same(await inspect(...args), first)
  t.equal(first.code, 1)
  const note = files['note.txt'] ?? ''
  t.match(JSON.parse(first.stdout), {
    policy: 'archives',
    files: [
      {
        path: 'several.zip',
        verdict: 'refused',
        findings: [{ rule: 'file.archive.member', mode: 'enforce', violation: { part: 1, failed: /\.exe/ } }],
        rewriting: null,
        facts: {
          inspected: {
            detected: { type: 'zip', description: 'ZIP archive' },
            archive: { entries: 4, expanded: 4 },
            members: [{ path: '../up.txt', size: 1, detected: { type: 'txt' } }, {}, {}, {}],
          },
        },
      },
      { path: 'absent', unreadable: 'there is no such file' },
      {
        path: 'note.txt',
        facts: { name: 'note.txt', size: 8, sha256: createHash('sha256').update(note).digest('hex') },
      },
    ],
  })
})

t.test('many files at once, in the order of the command line', async (t) => {
  const names = Array.from({ length: 60 }, (_, index) => `many-${index}.txt`)
  for (const name of names) writeFileSync(join(folder, name), name)
  const { code, stdout, stderr } = await inspect(...names, '--policy', 'documents')
  t.match({ code, stderr }, { code: 0, stderr: '' }, 'no progress in a pipe')
  const rows = stdout.split('\n')
  t.same(
    rows.slice(0, 60).map((row) => row.split(/ +/)[1]),
    names,
  )
  t.equal(rows[61], '60 files under policy documents: 60 clean')
})

const program = '/usr/bin/script'
const skip = existsSync(program) ? false : 'apt-get install --no-install-recommends bsdutils'

t.test('on a terminal: progress that is taken away, and lines as long as it is wide', { skip }, async (t) => {
  const command = `stty cols 60; '${process.execPath}' '${bin}' inspect program.pdf note.txt --policy documents`
  const { stdout } = await run(program, ['-qec', command, '/dev/null'], folder)
  const [progress = '', ...lines] = stdout.split(/\r\x1b\[K(?=refused)/)
  t.match(progress, /^\r\x1b\[K1 of 2: \S+\r\x1b\[K2 of 2: \S+$/)
  const report = lines.join('').split('\r\n')
  t.same(
    report.filter((line) => line.length >= 60),
    [],
  )
  t.match(report.join('\n'), /\n {8}expected: {2}PDF, .*\n {19}\S/)
})

const articles: readonly (readonly [title: string, words: string])[] = [
  ['data that could not be inspected', 'data that could not be inspected'],
  ['text', 'text'],
  ['unknown data', 'unknown data'],
  ['CSV', 'CSV'],
  ['Windows setup information', 'Windows setup information'],
  ['PNG image', 'a PNG image'],
  ['HTML page', 'an HTML page'],
  ['RTF document', 'an RTF document'],
  ['RAR archive', 'a RAR archive'],
  ['AVIF image', 'an AVIF image'],
  ['HEIC image', 'a HEIC image'],
  ['xz archive', 'an xz archive'],
  ['OLE compound file', 'an OLE compound file'],
  ['SQLite database', 'a SQLite database'],
  ['Excel workbook', 'an Excel workbook'],
  ['7-Zip archive', 'a 7-Zip archive'],
]

t.test('articles', (t) => {
  for (const [title, words] of articles) t.equal(withArticle(title), words)
  t.end()
})

t.test('a file that becomes shorter meanwhile keeps nobody from hearing of the others', async (t) => {
  const path = join(t.testdir({ 'log.txt': 'a line of a log\n' }), 'log.txt')
  const inspect: Inspection['inspect'] = async (content) => {
    truncateSync(path, 3)
    await content.read(0, content.size).catch(() => null)
    throw new Error('the held file could not be read')
  }
  const rewrite = (): never => t.fail('there is nothing to be changed') as never
  const inspection: Inspection = { inspect, rewrite, waiting: 0, close: async () => {} }
  const policy = policyOfPack('anything')
  if (policy === null) throw new Error('the pack is missing')
  const examined = await examine(path, policy, { inspection, scanners: null })
  t.same(examined, { path, unreadable: 'it became shorter while it was read' })
})
