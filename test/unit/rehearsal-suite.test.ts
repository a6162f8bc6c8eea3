import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { formatFault } from '../../src/config/fault.ts'
import { makeFile } from '../../src/rehearsal/suite/make-file.ts'
import { type ReadSuite, readSuite } from '../../src/rehearsal/suite/read-suite.ts'

const folder = join(import.meta.dirname, '../fixtures/suites')
const starters = join(import.meta.dirname, '../../config/rehearsals')

function faultsOf(file: string): string[] {
  const reading = readSuite(file, {})
  return reading.ok ? [] : reading.faults.map(formatFault)
}

function accepted(file: string, env: Record<string, string> = {}): ReadSuite {
  const reading = readSuite(file, env)
  if (!reading.ok) throw new Error(reading.faults.map(formatFault).join('\n'))
  return reading.suite
}

t.test('bad suites: every fault at once, in the order of the file', async (t) => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.bad.yaml'))
  t.ok(names.length >= 3, 'the fixtures are there')
  for (const name of names) {
    const expected = readFileSync(join(folder, name.replace('.yaml', '.expected')), 'utf8')
      .trimEnd()
      .split('\n')
    const found = faultsOf(join(folder, name)).map((line) => line.replace(`${folder}/`, ''))
    t.same(found, expected, name)
  }
  t.same(faultsOf('none.yaml'), ['none.yaml: found no file of this name, expected a suite'])
})

t.test('starter suites can be read, and have at least 12 cases, good and bad', (t) => {
  for (const name of ['images', 'documents', 'archives', 'anything']) {
    const { cases, pack } = accepted(join(starters, `${name}.yaml`))
    const outcomes = Map.groupBy(cases, ({ expect }) => expect.outcome)
    t.equal(pack, name)
    t.ok(cases.length >= 12, name)
    t.ok((outcomes.get('released')?.length ?? 0) >= 3, `${name} has good ones`)
    t.ok((outcomes.get('refused')?.length ?? 0) >= 6, `${name} has bad ones`)
  }
  t.end()
})

t.test('files as they are described', (t) => {
  const where = t.testdir({ 'photo.jpg': 'from disk' })
  const file = join(where, 'suite.yaml')
  const rows: readonly (readonly [yaml: string, name: string, type: string | null, content: string])[] = [
    ['{ path: photo.jpg }', 'photo.jpg', 'image/jpeg', 'from disk'],
    ['{ path: photo.jpg, name: other.png, type: text/plain }', 'other.png', 'text/plain', 'from disk'],
    ['{ text: hello }', 'sample.txt', 'text/plain', 'hello'],
    ['{ text: hello, append: " and more", type: null }', 'sample.txt', null, 'hello and more'],
    ['{ base64: aGVsbG8= }', 'sample.bin', 'application/octet-stream', 'hello'],
    ['{ text: "", name: empty.pdf }', 'empty.pdf', 'application/pdf', ''],
    ['{ text: "Bearer ${env:STAGING_TOKEN}" }', 'sample.txt', 'text/plain', 'Bearer secret'],
  ]
  for (const [yaml, name, type, content] of rows) {
    writeFileSync(
      file,
      `version: 1\nowner: o\npack: images\ncases:\n- name: n\n  body: ${yaml}\n  expect: { outcome: released }\n`,
    )
    const { cases, folder } = accepted(file, { STAGING_TOKEN: 'secret' })
    const [one] = cases
    const made = one?.body === undefined ? null : makeFile(one.body, folder)
    t.match(made, { field: 'file', name, type }, yaml)
    t.equal(made?.content.toString(), content, yaml)
  }
  t.end()
})
