import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import t from 'tap'
import { type Bytes, memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { pdfInspector } from '../../src/path/5-inspection/documents/pdf/inspector.ts'
import { Expansion, type Passed } from '../../src/path/5-inspection/expansion.ts'
import { Notes } from '../../src/path/5-inspection/notes.ts'
import type { ContentFacts } from '../../src/path/types.ts'
import { randomFrom } from '../fuzz/random.ts'
import { bounds, inspectBytes, observed } from '../support/inspection.ts'
import { measured } from '../support/measured-bytes.ts'
import { harmlessPdfs, pdfCases } from '../support/pdf-cases.ts'
import { has, producers, rewritings, run, sources } from '../support/pdf-producers.ts'
import { objectStream, pdf, script, stream } from '../support/pdf-zoo.ts'

interface Looked extends ContentFacts {
  readonly members: readonly (readonly [name: string, content: Buffer])[]
  readonly passed: Passed | null
}

/** What this inspector alone notes; others have their own words about the same files. */
async function look(content: Buffer | Bytes, limits = {}): Promise<Looked> {
  const notes = new Notes()
  const members: [string, Buffer][] = []
  const expansion = new Expansion({ ...bounds, ...limits })
  await pdfInspector.inspect({
    bytes: Buffer.isBuffer(content) ? memoryBytes(content) : content,
    name: 'file.pdf',
    detected: { type: 'pdf', description: 'PDF' },
    depth: 0,
    expansion,
    observe: (rule, detail = '') => notes.observe(rule, detail),
    uncovered: (reason, detail) => notes.uncovered(reason, detail),
    measure: (measures) => notes.measure(measures),
    member: (name, bytes) => {
      members.push([name, Buffer.from(bytes.read(0, bytes.size))])
      return Promise.resolve(expansion.entry(1))
    },
  })
  return { ...notes.facts, members, passed: expansion.passed }
}

function idsOf({ observations, uncovered }: ContentFacts): string[] {
  const gaps = new Set(uncovered.map(({ reason }) => `unscanned:${reason}`))
  return [...observations.map(({ rule }) => rule), ...gaps].sort()
}

const detailsOf = ({ observations, uncovered }: ContentFacts): string =>
  [...observations, ...uncovered].map(({ detail }) => detail).join('; ')

t.test('what a PDF does besides showing pages', async (t) => {
  for (const [what, content, rules, words] of pdfCases) {
    const found = await look(content)
    t.strictSame(idsOf(found), rules, `${what}: ${detailsOf(found)}`)
    t.match(detailsOf(found), words, `${what}: words`)
  }
})

t.test('what only looks like it', async (t) => {
  for (const [what, content] of harmlessPdfs) {
    const found = await look(content)
    t.strictSame(idsOf(found), [], `${what}: ${detailsOf(found)}`)
  }
})

t.test('numbers and words about the document', async (t) => {
  const info = (entries: string): Buffer => pdf([`<<${entries}>>`], { trailer: '/Info 4 0 R' })
  const cases: readonly (readonly [
    content: Buffer,
    pages: number | null,
    version: string | null,
    producer: string | null,
  ])[] = [
    [pdf([]), 1, '1.7', null],
    [info('/Producer(A \\(very\\)\\040good one)'), 1, '1.7', 'A (very) good one'],
    [info('/Producer<FEFF00DC0062006500720020004C00E4006E006700650000>'), 1, '1.7', 'Über Länge'],
    [info(`/Producer(\x85 ${'x'.repeat(200)})`), 1, '1.7', `… ${'x'.repeat(78)}`],
    [info('/Producer(a\\r\\nb\\000c)'), 1, '1.7', 'a b c'],
    [pdf([objectStream(['<</Producer(packed)>>'])], { trailer: '/Info 100 0 R' }), 1, '1.7', 'packed'],
    [pdf(['<</Type/Page>>'], { catalog: '/Version/2.0' }), 1, '2.0', null],
    [Buffer.from('%PDF-1.4\n1 0 obj<</Type/Pages/Count 7>>endobj'), 7, '1.4', null],
    [
      Buffer.from('%PDF-1.4\n1 0 obj<</Type/Pages/Count 7/Kids[2 0 R]>>endobj 2 0 obj<</Type/Page>>endobj'),
      1,
      '1.4',
      null,
    ],
    [Buffer.from('%PDF-x'), null, null, null],
  ]
  for (const [content, pages, version, producer] of cases) {
    t.strictSame((await look(content)).document, { pages, version, producer })
  }
})

t.test('attached files are looked into', async (t) => {
  const xml = '<?xml version="1.0"?><invoice/>'
  const attached = '<</Type/Filespec/F(a.xml)/UF<FEFF00FC002E0078006D006C>/EF<</F 5 0 R>>>>'
  const file = (entries: string, data: Buffer): Buffer => stream(`/Type/EmbeddedFile${entries}`, data)
  const cases: readonly (readonly [
    what: string,
    bodies: (string | Buffer)[],
    members: (readonly [string, string])[],
  ])[] = [
    ['deflated', [attached, file('/Filter/FlateDecode', deflateSync(xml))], [['ü.xml', xml]]],
    ['as it is', [attached, file('', Buffer.from(xml))], [['ü.xml', xml]]],
    ['without a type', [attached, stream('', xml)], [['ü.xml', xml]]],
    ['without a name', [file('', Buffer.from(xml))], [['embedded file 1', xml]]],
    ['through another object', ['<</F(b)/EF 6 0 R>>', stream('', xml), '<</UF 5 0 R>>'], [['b', xml]]],
    [
      'specified in an object stream',
      [objectStream(['<</F(c)/EF 101 0 R>>', '<</F 5 0 R>>']), stream('', xml)],
      [['c', xml]],
    ],
    [
      'two versions',
      [attached, `null endobj 5 0 obj ${stream('', 'old').toString()}endobj 5 0 obj ${stream('', xml).toString()}`],
      [
        ['ü.xml', 'old'],
        ['ü.xml', xml],
      ],
    ],
    ['not there', [attached], []],
  ]
  for (const [what, bodies, members] of cases) {
    const found = await look(pdf(bodies))
    t.strictSame(idsOf(found), ['file.pdf.embedded'], `${what}: ${detailsOf(found)}`)
    t.strictSame(
      found.members.map(([name, content]) => [name, content.toString()]),
      members,
      what,
    )
  }
  const whole = await inspectBytes(pdf([attached, file('', Buffer.from('%PDF-1.7\n1 0 obj<</S/Launch/F(x)>>endobj'))]))
  t.strictSame(
    whole.members.map(({ path, detected }) => [path, detected.type]),
    [['ü.xml', 'pdf']],
  )
  t.ok(observed(whole).includes('file.pdf.launch'), 'and judged by the same rules')
})

const withoutQpdf = has('qpdf', '--version') ? false : 'qpdf is missing: apt-get install --no-install-recommends qpdf'

t.test('encrypted files, with and without a password', { skip: withoutQpdf }, async (t) => {
  const notes = `(${'text '.repeat(100)})`
  const parts = { catalog: '/OpenAction 4 0 R', trailer: '/Info 6 0 R' }
  const folder = t.testdir({ 'in.pdf': pdf([script, notes, '<</Producer(a pen)>>'], parts), 'a.xml': '<a/>' })
  const [source, target] = [join(folder, 'in.pdf'), join(folder, 'out.pdf')]
  const ciphers = ['40', '128 --use-aes=n', '128 --cleartext-metadata', '128 --use-aes=y', '256', '256 --force-R5']
  const attach = ['--add-attachment', join(folder, 'a.xml'), '--', '--object-streams=generate', '--allow-weak-crypto']
  const rules = ['file.pdf.actions', 'file.pdf.embedded', 'file.pdf.javascript', 'file.pdf.restricted']
  for (const cipher of ciphers) {
    run('qpdf', [source, ...attach, '--encrypt', '', 'owner', ...cipher.split(' '), '--', target])
    const open = await look(readFileSync(target))
    t.strictSame(idsOf(open), rules, `${cipher}: ${detailsOf(open)}`)
    t.match(detailsOf(open), /opens without a password/)
    t.match(open.document, { pages: 1, producer: 'a pen' })
    t.strictSame(
      open.members.map(([name, content]) => [name, content.toString()]),
      [['a.xml', '<a/>']],
    )
    run('qpdf', [source, ...attach, '--encrypt', 'secret', 'owner', ...cipher.split(' '), '--', target])
    const locked = await look(readFileSync(target))
    t.strictSame(
      idsOf(locked),
      ['file.pdf.embedded', 'file.pdf.encrypted', 'unscanned:encrypted'],
      `${cipher}: ${detailsOf(locked)}`,
    )
    t.strictSame(locked.members, [])
    t.equal(locked.document?.producer, null)
  }
})

t.test('what real programs write', { timeout: 240_000 }, async (t) => {
  const folder = t.testdir(sources())
  const rewriter = has('qpdf', '--version')
  for (const { program, probe, packages, write } of producers) {
    const missing = [has(program, ...probe) ? '' : packages, rewriter ? '' : 'qpdf'].filter((word) => word !== '')
    const skip = missing.length > 0 && `missing: apt-get install --no-install-recommends ${missing.join(' ')}`
    t.test(program, { skip }, async (t) => {
      const original = join(folder, 'original.pdf')
      write(folder, original)
      const written = join(folder, 'written.pdf')
      for (const options of [[], ...rewritings]) {
        run('qpdf', ['--warning-exit-0', ...options, original, written])
        for (const file of [original, written]) {
          const found = await inspectBytes(readFileSync(file), 'a.pdf')
          t.strictSame(observed(found), [], `${options.join(' ')}: ${detailsOf(found.content)}`)
          t.match(found.content.document, { pages: Number, version: /^\d\.\d$/, producer: String })
        }
        const plain = await inspectBytes(readFileSync(written), 'a.pdf')
        run('qpdf', ['--warning-exit-0', '--encrypt', '', 'owner', '256', '--', written, join(folder, 'locked.pdf')])
        const restricted = await inspectBytes(readFileSync(join(folder, 'locked.pdf')), 'a.pdf')
        t.strictSame(observed(restricted), ['file.pdf.restricted'])
        t.equal(
          restricted.content.document?.producer,
          plain.content.document?.producer,
          'texts are decrypted as they were',
        )
      }
    })
  }
})

t.test('mutants of the zoo are inspected to an end', async (t) => {
  const random = randomFrom(20_260_107)
  for (const [what, content] of [...pdfCases, ...harmlessPdfs]) {
    for (let round = 0; round < 12; round++) {
      const copy = Buffer.from(round % 4 === 0 ? content.subarray(0, random(content.length)) : content)
      for (let flips = (round % 4) * 3; flips > 0 && copy.length > 0; flips--) copy[random(copy.length)] = random(256)
      await look(copy).catch((error: unknown) => t.ok(error instanceof RangeError, `${what}: ${String(error)}`))
    }
  }
})

/** What no program writes, for a size in bytes; and what inspection says of it. */
const hostile: Readonly<Record<string, readonly [grow: (size: number) => string | Buffer, words: RegExp]>> = {
  'deep containers': [(size) => `1 0 obj ${'<<[<<['.repeat(size / 6)}`, /deeper/],
  'open parentheses': [(size) => `1 0 obj ${'('.repeat(size)}`, /^$/],
  'a string that does not end': [(size) => `1 0 obj (${'a'.repeat(size)}`, /^$/],
  objects: [(size) => '1 0 obj '.repeat(size / 8), /^$/],
  'objects in strings': [(size) => '1 0 obj ('.repeat(size / 9), /objects within objects/],
  'objects in comments': [(size) => '1 0 obj %'.repeat(size / 9), /objects within objects/],
  'objects in dictionaries': [(size) => '1 0 obj <</A '.repeat(size / 13), /^$/],
  trailers: [(size) => 'trailer %'.repeat(size / 9), /objects within objects/],
  'encrypting trailers': [(size) => 'trailer<</Encrypt 1 0 R>>'.repeat(size / 25), /encrypted/],
  'doubled keys': [(size) => `1 0 obj<<${'/S/S'.repeat(size / 4)}`, /^$|more parts/],
  actions: [(size) => `1 0 obj[${script.repeat(size / script.length)}`, /JavaScript/],
  'streams without end': [(size) => '1 0 obj<</N 1/First 5>>stream\nx '.repeat(size / 32), /share their data/],
  'streams of far lengths': [
    (size) => '1 0 obj<</N 1/First 5/Length 1 0 R>>stream\nendstream '.repeat(size / 55),
    /^$|share their data/,
  ],
  pairs: [(size) => stream('/Type/ObjStm/N 1000000000/First 5', '1 0 '.repeat(size / 4)), /^$/],
  'overlapping objects': [(size) => overlapping(size), /overlap/],
  'chain of actions': [(size) => chain(size / 40), /kind/],
}

function overlapping(size: number): Buffer {
  const count = Math.floor(size / 12)
  const pairs = Array.from({ length: count }, (_, index) => `1 ${index} `).join('')
  return Buffer.concat([
    Buffer.from('1 0 obj '),
    stream(`/Type/ObjStm/First ${pairs.length}`, pairs + '('.repeat(count)),
  ])
}

function chain(count: number): string {
  const links = Array.from({ length: count }, (_, index) => `${index} 0 obj<</S/GoTo/Next ${index - 1} 0 R>>`)
  return `9 0 obj<</AA<</O ${Math.floor(count) - 1} 0 R>>>>1 0 obj<</S/Hide>>${links.slice(2).join('')}`
}

t.test('work is bounded by the size', async (t) => {
  for (const [what, [grow, words]] of Object.entries(hostile)) {
    for (const size of [2 ** 17, 2 ** 20]) {
      const bytes = measured(Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(grow(size))]))
      const found = await look(bytes)
      t.match(detailsOf(found), words, `${what} in ${size} bytes`)
      t.ok(bytes.taken <= 24 * bytes.size + 16 * 2 ** 20, `${what}: ${bytes.taken} bytes read of ${bytes.size}`)
    }
  }
})

t.test('bombs stop at the bounds', async (t) => {
  const zeros = Buffer.alloc(40 * 2 ** 20)
  const twice = deflateSync(deflateSync(zeros, { level: 9 }))
  const bombs: readonly (readonly [what: string, filter: string, data: Buffer])[] = [
    ['deflate', '/Filter/FlateDecode', deflateSync(zeros)],
    ['twice', '/Filter[/Fl/Fl]', twice],
    ['run lengths', '/Filter/RL', Buffer.alloc(2 ** 20, 0x81)],
    ['predictor', '/Filter/Fl/DecodeParms<</Predictor 12/Columns 67108864>>', deflateSync(zeros)],
    ['zeros as text', '/Filter/A85', Buffer.alloc(16 * 2 ** 20, 'z')],
  ]
  for (const [what, filter, data] of bombs) {
    for (const entries of [`/Type/ObjStm/N 1/First 4${filter}`, `/Type/EmbeddedFile${filter}`]) {
      const subject = await look(pdf([stream(entries, data)]), { memory: 2 ** 22 })
      t.ok(subject.passed !== null || idsOf(subject).includes('unscanned:tooLarge'), `${what}: ${entries}`)
      t.strictSame(subject.members, [], `${what}: nothing of it is looked into`)
    }
  }
})
