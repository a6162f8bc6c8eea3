import fc from 'fast-check'
import t from 'tap'
import { fileTypeIds } from '../../src/file-types/catalogue.ts'
import type { FileFacts, UploadFacts } from '../../src/path/types.ts'
import { decide } from '../../src/policy/decide.ts'
import {
  isStandInForField,
  standInForField,
  standInForFile,
  standInForMember,
} from '../../src/policy/names/stand-in.ts'
import { packs } from '../../src/policy/packs.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { strangeNames } from '../support/varied-uploads.ts'

const digest = '0123456789abcdef'.repeat(4)

function uploadOf(file: Partial<FileFacts>, field = 'photo'): UploadFacts {
  const inspected = {
    detected: { type: 'png', description: 'PNG image' },
    content: { observations: [], uncovered: [] },
    archive: null,
    members: [],
  } as const
  const facts = {
    part: 1,
    field,
    name: 'a.png',
    size: 9,
    sha256: 'ab',
    declaredType: null,
    inspected,
    scans: [],
    ...file,
  }
  return { channel: 'multipart', size: 10, parts: 1, fields: [], files: [facts], complete: true }
}

const policies = fc
  .record({
    onBad: fc.constantFrom('refuse' as const, 'rewrite' as const),
    length: fc.integer({ min: 1, max: 255 }),
    types: fc.oneof(fc.constant('any' as const), fc.subarray([...fileTypeIds])),
    members: fc.oneof(fc.constant('any' as const), fc.subarray([...fileTypeIds])),
  })
  .map(({ onBad, length, types, members }): Policy => {
    const { files, ...pack } = packs.anything
    const texts = { owner: null, expected: null, rollback: null }
    const own = { ...files, types, name: { length, onBad }, archive: { ...files.archive, types: members } }
    return { ...pack, ...texts, name: 'p', mode: 'enforce', modes: {}, files: own }
  })

const rulesOf = (policy: Policy, facts: UploadFacts): string[] => decide(policy, facts).findings.map(({ rule }) => rule)

const words = fc.constantFrom(
  '.',
  '/',
  '\\',
  ' ',
  ':',
  '"',
  '%41',
  '&copy',
  '=?',
  '\u202e',
  '\u200b',
  '\u2044',
  '\uff0e',
  'con',
  'web.config',
  'exe',
  'php',
  'png',
  'pdf',
  'com',
  'MARKER',
  'ä',
  'v2',
  '.DS_Store',
  '._',
  ';',
  '\u0000',
  'ｅｘｅ',
  '\ud800',
  'x'.repeat(90),
)
const names = fc.array(words, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''))

t.test('no rule, under any policy, tells a file name from its stand-in', (t) => {
  fc.assert(
    fc.property(names, policies, fc.constantFrom(null, 'image/png', 'text/plain'), (name, policy, declaredType) => {
      const standIn = standInForFile(name, digest)
      if (standIn === null) return
      const expected = rulesOf(policy, uploadOf({ name, declaredType }))
      if (rulesOf(policy, uploadOf({ name: standIn, declaredType })).join() !== expected.join()) {
        throw new Error(`${JSON.stringify(name)} is not ${JSON.stringify(standIn)}: ${expected}`)
      }
      if (standIn.includes('MARKER')) throw new Error(`${JSON.stringify(name)} stands in ${JSON.stringify(standIn)}`)
    }),
    { numRuns: 1000 },
  )
  t.end()
})

t.test('nor the name of a member', (t) => {
  fc.assert(
    fc.property(names, policies, (name, policy) => {
      const standIn = standInForMember(name, digest)
      if (standIn === null) return
      if (standIn.includes('MARKER')) throw new Error(`${JSON.stringify(name)} stands in ${JSON.stringify(standIn)}`)
      const [expected, found] = [name, standIn].map((one) => {
        const detected = { type: 'txt', description: 'text' } as const
        const content = { observations: [], uncovered: [] }
        const member = { path: one, name: one, embedded: false, size: 3, detected, content }
        const archive = { entries: 1, depth: 1, expanded: 3, ratio: 1 }
        return rulesOf(
          policy,
          uploadOf({
            inspected: { detected: { type: 'zip', description: 'ZIP' }, content, archive, members: [member] },
          }),
        ).join()
      })
      if (found !== expected)
        throw new Error(`${JSON.stringify(name)} is not ${JSON.stringify(standIn)}: ${expected}, ${found}`)
    }),
    { numRuns: 1000 },
  )
  t.end()
})

t.test('ordinary names have one, and strange ones too', (t) => {
  for (const name of ['holiday.png', 'a.pdf', 'Ä 1.2.docx', 'README', 'x.unheard-of', ...strangeNames()]) {
    t.not(standInForFile(name, digest), null, JSON.stringify(name))
  }
  t.equal(standInForFile('Krankenakte.pdf', digest), '0123456789a.pdf')
  t.equal(standInForMember('a/b/Krankenakte.pdf', digest), 'a/0123456789abcdef.pdf')
  t.end()
})

t.test('names of fields', (t) => {
  const policy = {
    ...packs.anything,
    name: 'p',
    owner: null,
    expected: null,
    rollback: null,
    mode: 'report',
    modes: {},
  } as const
  for (const name of ['note', 'a[b]', 'a"b', 'a[[b', '__proto__', 'x'.repeat(300), 'ä%41']) {
    const standIn = standInForField(name, digest)
    t.ok(isStandInForField(standIn), standIn)
    const of = (field: string) => decide(policy, uploadOf({}, field)).findings.map(({ rule, mode }) => [rule, mode])
    t.strictSame(of(standIn), of(name), name)
  }
  t.notOk(isStandInForField('note'))
  t.end()
})
