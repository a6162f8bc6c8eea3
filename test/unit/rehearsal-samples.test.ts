import t from 'tap'
import { makerOf, type SampleKind, type SampleOptions, sampleKinds } from '../../src/rehearsal/samples/make.ts'
import { inspectBytes, observed } from '../support/inspection.ts'

/** What is made, what it is detected as, and what inspection finds in it. */
const cases: readonly (readonly [SampleKind, SampleOptions, type: string | null, found: readonly string[]])[] = [
  ['png', {}, 'png', []],
  ['png', { size: 12_288 }, 'png', []],
  ['png', { width: 640, height: 480 }, 'png', []],
  ['jpeg', {}, 'jpeg', []],
  ['jpeg', { size: 200_000 }, 'jpeg', []],
  ['gif', {}, 'gif', []],
  ['gif', { size: 1000 }, 'gif', []],
  ['pdf', {}, 'pdf', []],
  ['pdf', { size: 1_000_000 }, 'pdf', []],
  ['pdf', { javascript: true }, 'pdf', ['file.pdf.actions', 'file.pdf.javascript']],
  ['pdf', { launch: true }, 'pdf', ['file.pdf.launch']],
  ['pdf', { embedded: true }, 'pdf', ['file.pdf.embedded']],
  ['pdf', { encrypted: true }, 'pdf', ['file.pdf.encrypted', 'unscanned:encrypted']],
  ['docx', {}, 'docx', []],
  ['docx', { macros: true }, 'docm', ['file.office.macros']],
  ['docx', { external: true }, 'docx', ['file.office.external']],
  ['csv', {}, 'txt', []],
  ['csv', { formulas: true }, 'txt', ['file.csv.formulas']],
  ['txt', {}, 'txt', []],
  ['html', {}, 'html', []],
  ['html', { script: true }, 'html', ['file.markup.script']],
  ['svg', {}, 'svg', []],
  ['svg', { script: true }, 'svg', ['file.markup.script']],
  ['zip', {}, 'zip', []],
  ['zip', { depth: 3 }, 'zip', []],
  ['zip', { encrypted: true }, 'zip', ['file.archive.encrypted', 'unscanned:encrypted']],
  ['zip', { members: [{ name: '../a.txt', content: Buffer.from('a') }] }, 'zip', ['file.archive.path']],
  ['tar', {}, 'tar', []],
  ['tar', { members: [{ name: '/etc/passwd', content: Buffer.from('a') }] }, 'tar', ['file.archive.path']],
  ['gzip', {}, 'gzip', []],
  ['exe', {}, 'exe', []],
  ['eicar', {}, 'txt', []],
]

t.test('each sample is what it is made as', async (t) => {
  const made = new Set(cases.map(([kind]) => kind))
  t.same([...made].sort(), [...sampleKinds].sort(), 'each kind has a case')
  for (const [kind, options, type, found] of cases) {
    const content = makerOf(kind).make(options)
    const inspected = await inspectBytes(content, kind === 'csv' ? 'sample.csv' : `sample.${kind}`)
    const name = `${kind} ${JSON.stringify(options)}`
    t.equal(inspected.detected.type, type, name)
    t.same(observed(inspected), found, name)
    t.ok(content.equals(makerOf(kind).make(options)), `${name} is the same each time`)
  }
})

t.test('a size is kept to the byte, from where the format allows it', (t) => {
  for (const kind of ['png', 'jpeg', 'gif', 'pdf', 'txt'] as const) {
    const least = makerOf(kind).make({ size: 1 }).length
    for (const size of [least + 40, 5000, 9_999, 65_535, 65_600, 130_007]) {
      t.equal(makerOf(kind).make({ size }).length, size, `${kind} of ${size}`)
    }
  }
  t.end()
})

t.test('an archive bomb is small, and unpacks to what it says', async (t) => {
  const bomb = makerOf('zip').make({ bomb: 32 * 2 ** 20 + 5 })
  t.ok(bomb.length < 256 * 1024, 'it is small')
  const { archive, content } = await inspectBytes(bomb, 'bomb.zip', { ratio: 10_000 })
  t.equal(archive?.expanded, 32 * 2 ** 20 + 5)
  t.same(content.uncovered, [])
  t.same(content.observations, [], 'its checksum is true')
  const stopped = await inspectBytes(bomb, 'bomb.zip', { expanded: 2 ** 20 })
  t.ok((stopped.archive?.expanded ?? 0) > 2 ** 20, 'a limit ends it')
})
