import fc from 'fast-check'
import t from 'tap'
import { type FileTypeId, fileType, fileTypeIds } from '../../src/file-types/catalogue.ts'
import type {
  ContentFacts,
  DetectedType,
  FieldFacts,
  FileFacts,
  Inspected,
  Mode,
  UploadFacts,
} from '../../src/path/types.ts'
import { ceilings } from '../../src/policy/ceilings.ts'
import { decide, mostFindings } from '../../src/policy/decide.ts'
import { type PackName, packs } from '../../src/policy/packs.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { contentRuleIds, ruleIds } from '../../src/problems/catalogue.ts'

type Changes = Partial<Omit<Policy, 'fields' | 'files' | 'request'>> & {
  readonly request?: Partial<Policy['request']>
  readonly fields?: Partial<Policy['fields']>
  readonly files?: Partial<Policy['files']>
}

/** JPEG, PNG and PDF, unless a test says otherwise. */
function policyOf({ request, fields, files, ...changes }: Changes = {}): Policy {
  const pack = packs.documents
  return {
    name: 'claim-files',
    owner: null,
    expected: null,
    rollback: null,
    mode: 'enforce',
    modes: {},
    onRefused: 'refuse',
    quarantine: pack.quarantine,
    request: { ...pack.request, ...request },
    fields: { ...pack.fields, ...fields },
    files: { ...pack.files, types: ['jpeg', 'png', 'pdf'], ...files },
    ...changes,
  }
}

function field(name: string, changes: Partial<FieldFacts> = {}): FieldFacts {
  return { part: 1, name, size: 1, contentType: null, utf8: true, ...changes }
}

function file(name: string, type: FileTypeId | null, changes: Partial<FileFacts> = {}): FileFacts {
  const detected = { type, description: type === null ? 'unknown data' : fileType(type).title }
  const inspected = found(detected)
  return {
    part: 2,
    field: 'photo',
    name,
    size: 100,
    sha256: 'ab',
    declaredType: null,
    inspected,
    scans: [],
    ...changes,
  }
}

/** What inspection finds in a file in which there is nothing to find. */
function found(detected: DetectedType, changes: Partial<Inspected> = {}): Inspected {
  return { detected, content: { observations: [], uncovered: [] }, archive: null, members: [], ...changes }
}

const emptyInput = file('', null, { size: 0, inspected: null })

function upload(
  parts: { fields?: FieldFacts[]; files?: FileFacts[] },
  changes: Partial<UploadFacts> = {},
): UploadFacts {
  const { fields = [], files = [] } = parts
  const count = fields.length + files.length
  return { channel: 'multipart', size: 1000, parts: count, fields, files, complete: true, ...changes }
}

const rulesOf = (policy: Policy, facts: UploadFacts): string[] => decide(policy, facts).findings.map(({ rule }) => rule)
const many = <T>(count: number, one: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => one(index))

t.test('limits hold up to their value and not beyond', async (t) => {
  const policy = policyOf({
    request: { size: 5000, parts: 8 },
    fields: { count: 3, size: 10, total: 20 },
    files: { count: 2, size: 500 },
  })
  const pngs = (count: number, size = 500): FileFacts[] =>
    many(count, (n) => file('a.png', 'png', { part: 10 + n, size }))
  const rows: readonly (readonly [what: string, good: UploadFacts, bad: UploadFacts, ...rules: string[]])[] = [
    ['request size', upload({}, { size: 5000 }), upload({}, { size: 5001 }), 'request.size'],
    ['parts', upload({}, { parts: 8 }), upload({}, { parts: 9 }), 'request.parts'],
    [
      'fields',
      upload({ fields: many(3, () => field('a')) }),
      upload({ fields: many(4, () => field('a')) }),
      'field.count',
    ],
    [
      'value',
      upload({ fields: [field('a', { size: 10 })] }),
      upload({ fields: [field('a', { size: 11 })] }),
      'field.size',
    ],
    [
      'values together',
      upload({ fields: [field('a', { size: 10 }), field('b', { size: 10 })] }),
      upload({ fields: [field('a', { size: 10 }), field('b', { size: 10 }), field('c')] }),
      'field.total',
    ],
    ['files', upload({ files: [...pngs(2), emptyInput, emptyInput] }), upload({ files: pngs(3) }), 'file.count'],
    ['file size', upload({ files: pngs(1) }), upload({ files: pngs(1, 501) }), 'file.size'],
  ]
  for (const [what, good, bad, ...rules] of rows) {
    t.strictSame(rulesOf(policy, good), [], `${what}: at the limit`)
    t.strictSame(rulesOf(policy, bad), rules, `${what}: one more`)
    t.match(decide(policy, bad), { verdict: 'refused', action: 'refuse' })
  }
  const [found] = decide(policy, upload({ files: pngs(1, 2048) })).findings
  t.match(found?.violation, {
    part: 10,
    field: 'photo',
    file: 'a.png',
    failed: 'the file has 2 KiB',
    expected: 'at most 500 bytes',
  })
})

t.test('fields: which there may and must be', async (t) => {
  const policy = policyOf({ fields: { allow: ['note'], require: ['claim_id'] } })
  t.strictSame(rulesOf(policy, upload({ fields: [field('claim_id'), field('note')] })), [])
  t.strictSame(rulesOf(policy, upload({ fields: [field('note')] })), ['field.missing'])
  t.strictSame(rulesOf(policy, upload({ fields: [field('claim_id'), field('other')] })), ['field.unknown'])
  t.strictSame(rulesOf(policyOf(), upload({ fields: [field('anything at all')] })), [], 'null allows any name')
  t.strictSame(rulesOf(policy, upload({}, { channel: 'raw' })), [], 'a raw body has no fields to require')
  t.strictSame(rulesOf(policyOf(), upload({ fields: [field('a', { utf8: false })] })), ['field.encoding'])
  const [missing] = decide(policy, upload({})).findings
  t.match(missing?.violation, { failed: 'the field claim_id is absent', field: 'claim_id' })
})

t.test('field names that backends read differently are refused in any mode', async (t) => {
  for (const mode of ['enforce', 'report', 'off'] as const) {
    const policy = policyOf({ mode })
    t.match(decide(policy, upload({ fields: [field('a"b')] })), { action: 'refuse' }, mode)
    t.match(decide(policy, upload({ files: [file('a.png', 'png', { field: 'a\\' })] })), { action: 'refuse' }, mode)
    const action = mode === 'enforce' ? 'refuse' : 'release'
    t.match(
      decide(policy, upload({ fields: [field('__proto__')] })),
      { action },
      `${mode}: a name that objects inherit`,
    )
  }
})

type TypeRow = readonly [
  name: string,
  detected: FileTypeId | null,
  declared: string | null,
  types: Policy['files']['types'],
  ...rules: string[],
]

const ordinary: Policy['files']['types'] = ['jpeg', 'png', 'pdf']
const typeRows: readonly TypeRow[] = [
  ['a.png', 'png', 'image/png', ordinary],
  ['a.PNG', 'png', null, ordinary],
  ['a.jpg', 'jpeg', 'image/jpg', ordinary],
  ['a.jpg', 'jpeg', 'image/pjpeg', ordinary],
  ['a.jpg', 'jpeg', 'image/*', ordinary],
  ['blob', 'png', 'image/png', ordinary],
  ['blob', 'png', null, ordinary],
  ['blob', 'png', 'image/*', ordinary],
  ['Dr. Smith', 'pdf', 'application/pdf', ordinary],
  ['a.jpg', 'png', 'image/jpeg', ordinary, 'file.type.mismatch'],
  ['a.jpg', 'png', null, ordinary, 'file.type.mismatch'],
  ['a.jpg', 'jpeg', 'image/png', ordinary, 'file.type.mismatch'],
  ['a.jpg', 'jpeg', 'text/html', ordinary, 'file.type.mismatch'],
  ['a.jpg', 'jpeg', 'made/up', ordinary, 'file.type.mismatch'],
  ['a.jpg', 'jpeg', 'text/*', ordinary, 'file.type.mismatch'],
  ['a.jpg', 'png', 'image/gif', ordinary, 'file.type.mismatch', 'file.type.mismatch'],
  ['a.jpg', 'exe', 'image/jpeg', ordinary, 'file.type.mismatch'],
  ['a.png', 'php', 'image/png', ordinary, 'file.type.mismatch'],
  ['a.pdf', null, 'application/pdf', ordinary, 'file.type.unrecognised'],
  ['a.docx', 'docx', null, ordinary, 'file.type.refused'],
  ['a.xyz', 'png', 'image/png', ordinary, 'file.type.refused'],
  ['blob', 'exe', null, ordinary, 'file.type.refused'],
  ['blob', 'exe', 'image/png', ordinary, 'file.type.mismatch'],
  ['blob', 'png', 'made/up', ordinary, 'file.type.refused'],
  ['blob', null, null, ordinary, 'file.type.unrecognised'],
  ['a.docx', 'docx', 'application/zip', ['docx', 'zip'], 'file.type.mismatch'],
  ['a.zip', 'docx', 'application/zip', ['docx', 'zip'], 'file.type.mismatch'],
  ['a.docx', 'zip', null, ['docx', 'zip'], 'file.type.mismatch'],
  ['a.docx', 'docm', null, ['docx', 'docm'], 'file.type.mismatch'],
  ['a.docm', 'docm', null, ['docm']],
  ['a.zip', 'zip', 'application/x-zip-compressed', ['zip']],
  ['a.tar.gz', 'gzip', 'application/x-gzip', ['gzip']],
  ['a.csv', 'txt', 'application/vnd.ms-excel', ['csv']],
  ['a.csv', 'txt', 'text/plain', ['csv']],
  ['a.csv', 'json', 'text/csv', ['csv']],
  ['blob', 'txt', 'text/csv', ['csv']],
  ['blob', 'txt', null, ['csv'], 'file.type.refused'],
  ['a.csv', 'html', 'text/csv', ['csv'], 'file.type.mismatch'],
  ['a.csv', 'xls', 'application/vnd.ms-excel', ['csv', 'xls'], 'file.type.mismatch'],
  ['a.xls', 'txt', null, ['csv', 'xls'], 'file.type.mismatch'],
  ['a.txt', 'json', 'text/plain', ['txt']],
  ['a.txt', 'xml', 'text/plain', ['txt']],
  ['a.txt', 'svg', 'text/plain', ['txt'], 'file.type.mismatch'],
  ['a.txt', 'html', 'text/plain', ['txt'], 'file.type.mismatch'],
  ['a.txt', 'html', 'text/plain', ['txt', 'html'], 'file.type.mismatch'],
  ['a.txt', 'php', 'text/plain', ['txt'], 'file.type.mismatch'],
  ['a.txt', 'script', 'text/plain', ['txt'], 'file.type.mismatch'],
  ['a.md', 'txt', 'text/plain', ['md']],
  ['a.md', 'txt', 'text/markdown', ['md']],
  ['a.json', 'json', 'application/json', ['json']],
  ['a.json', 'txt', 'application/json', ['json'], 'file.type.mismatch'],
  ['a.xml', 'svg', 'text/xml', ['xml']],
  ['a.xml', 'xml', 'application/xml', ['xml']],
  ['a.svg', 'svg', 'image/svg+xml', ['svg']],
  ['a.svg', 'xml', null, ['svg'], 'file.type.mismatch'],
  ['a.php', 'php', null, ['php']],
  ['a.xyz', null, null, 'any'],
  ['a.xyz', 'png', 'made/up', 'any'],
  ['blob', 'html', null, 'any'],
  ['a.jpg', 'png', null, 'any', 'file.type.mismatch'],
  ['a.jpg', null, null, 'any', 'file.type.unrecognised'],
  ['a.xyz', 'exe', null, 'any', 'file.type.refused'],
  ['blob', 'php', null, 'any', 'file.type.refused'],
  ['a.exe', 'exe', null, 'any', 'file.name.executable', 'file.type.refused'],
  ['a.exe', 'exe', null, ['exe']],
]

t.test('extension, declared type and content agree', async (t) => {
  for (const [name, detected, declaredType, types, ...rules] of typeRows) {
    const facts = upload({ files: [file(name, detected, { declaredType })] })
    const what = `${name} declared ${declaredType} is ${detected}, accepted ${String(types)}`
    t.strictSame(rulesOf(policyOf({ files: { types } }), facts), rules, what)
  }
  for (const id of fileTypeIds) {
    const { extensions, mediaTypes } = fileType(id)
    const facts = upload({
      files: extensions.flatMap((extension) =>
        mediaTypes.map((declaredType) => file(`a.${extension}`, id, { declaredType })),
      ),
    })
    t.strictSame(rulesOf(policyOf({ files: { types: [id], count: 999 } }), facts), [], `${id} is what it says it is`)
  }
})

t.test('what a help desk can repeat', async (t) => {
  const rows: readonly (readonly [FileFacts, Policy['files']['types'], failed: string, expected: string])[] = [
    [file('a.jpg', 'exe'), ordinary, 'content is a Windows executable', 'JPEG or PNG image, or PDF'],
    [file('a.jpg', 'png'), ordinary, 'content is a PNG image', 'JPEG image'],
    [file('a.jpg', null), ordinary, 'content is unknown data', 'JPEG image'],
    [file('a.txt', 'html'), ['txt'], 'content is an HTML page', 'plain text'],
    [file('a.docx', 'docx'), ordinary, 'the name ends in .docx', 'JPEG or PNG image, or PDF'],
    [
      file('a.csv', 'txt', { declaredType: 'image/png' }),
      ['json', 'csv', 'txt'],
      'the declared type is image/png',
      'text/csv',
    ],
    [file('blob', 'mp3'), 'any', '', ''],
    [file('blob', 'msi'), 'any', 'content is a Windows installer', 'any type of file that is no program'],
    [file('blob', 'gif'), ['webp'], 'content is a GIF image', 'WebP image'],
    [file('a.pdf', 'xml'), ['zip', 'rar', 'pdf'], 'content is an XML document', 'ZIP or RAR archive, or PDF'],
  ]
  for (const [facts, types, failed, expected] of rows) {
    const [found] = decide(policyOf({ files: { types } }), upload({ files: [facts] })).findings
    t.strictSame([found?.violation.failed ?? '', found?.violation.expected ?? ''], [failed, expected], failed)
  }
})

t.test('empty inputs, empty files, and files that were not read', async (t) => {
  const policy = policyOf({ files: { count: 0 } })
  t.match(decide(policy, upload({ files: [emptyInput] })), {
    action: 'release',
    files: [{ verdict: 'clean', releaseName: '' }],
  })
  const empty = { size: 0, inspected: null }
  t.strictSame(rulesOf(policyOf(), upload({ files: [file('a.pdf', null, empty)] })), [])
  t.strictSame(rulesOf(policyOf(), upload({ files: [file('a.docx', null, empty)] })), ['file.type.refused'])
  t.strictSame(rulesOf(policyOf(), upload({ files: [file('blob', null, empty)] })), ['file.type.unrecognised'])
  const unread = file('a.pdf', null, { inspected: null, sha256: null })
  t.strictSame(rulesOf(policyOf(), upload({ files: [unread] })), ['file.type.unrecognised'], 'unjudged is never clean')
  const cut = decide(policyOf(), upload({ files: [unread] }, { complete: false }))
  t.match(cut, { verdict: 'refused', action: 'refuse', findings: [] }, 'incomplete facts are never clean')
})

t.test('modes', async (t) => {
  const facts = upload({ files: [file('a.jpg', 'exe')] }, { size: 1e12 })
  const modes: readonly (readonly [Mode, string, number])[] = [
    ['enforce', 'refuse', 2],
    ['report', 'release', 2],
    ['off', 'release', 0],
  ]
  for (const [mode, action, count] of modes) {
    const { findings, ...verdict } = decide(policyOf({ mode }), facts)
    t.equal(verdict.action, action, mode)
    t.equal(findings.length, count, mode)
  }
  const mixed = decide(policyOf({ modes: { 'request.size': 'report' } }), facts)
  t.strictSame(
    mixed.findings.map(({ rule, mode }) => [rule, mode]),
    [
      ['file.type.mismatch', 'enforce'],
      ['request.size', 'report'],
    ],
    'what is enforced comes first',
  )
  t.equal(rulesOf(policyOf({ mode: 'off', modes: { 'request.size': 'enforce' } }), facts).length, 0, 'off is off')
})

t.test('all violations are told, up to a cap, and all count', async (t) => {
  const facts = upload({
    fields: many(200, (n) => field('a', { part: n + 1, utf8: false })),
    files: [file('a.jpg', 'exe', { part: 300 })],
  })
  const policy = policyOf({ fields: { count: 999 }, request: { parts: 999 } })
  const { findings, files } = decide(policy, facts)
  t.equal(findings.length, mostFindings)
  t.match(files, [{ part: 300, verdict: 'refused' }], 'a file is refused even where its finding is beyond the cap')
  const several = upload({ fields: [field('x', { size: 1e6 })], files: [file('a/b.exe', 'exe')] })
  t.strictSame(rulesOf(policyOf(), several), [
    'field.total',
    'field.size',
    'file.name.path',
    'file.name.executable',
    'file.type.refused',
  ])
})

t.test('stripping', async (t) => {
  const policy = policyOf({ onRefused: 'strip', files: { count: 2, size: 500 }, fields: { require: ['id'] } })
  const good = file('a.png', 'png', { part: 2 })
  const bad = file('b.png', 'exe', { part: 3 })
  const id = field('id')
  const rows: readonly (readonly [what: string, facts: UploadFacts, action: string])[] = [
    ['nothing is wrong', upload({ fields: [id], files: [good] }), 'release'],
    ['one file is bad', upload({ fields: [id], files: [good, bad] }), 'strip'],
    ['all files are bad', upload({ fields: [id], files: [bad] }), 'refuse'],
    ['only an empty input would stay', upload({ fields: [id], files: [bad, emptyInput] }), 'refuse'],
    ['a field is missing', upload({ files: [good, bad] }), 'refuse'],
    ['a field is bad', upload({ fields: [id, field('x', { utf8: false })], files: [good, bad] }), 'refuse'],
    ['the request is too large', upload({ fields: [id], files: [good, bad] }, { size: 1e12 }), 'refuse'],
    ['there are too many files', upload({ fields: [id], files: [good, bad, { ...good, part: 4 }] }), 'refuse'],
    [
      'a file is too large to keep',
      upload({ fields: [id], files: [good, { ...good, part: 3, size: 501, inspected: null, sha256: null }] }),
      'strip',
    ],
    ['reading stopped', upload({ fields: [id], files: [good, bad] }, { complete: false }), 'refuse'],
    [
      'the field of a file is bad',
      upload({ fields: [id], files: [good, { ...good, part: 3, field: 'a"' }] }),
      'refuse',
    ],
  ]
  for (const [what, facts, action] of rows) t.equal(decide(policy, facts).action, action, what)
  const { verdict, files } = decide(policy, upload({ fields: [id], files: [good, bad] }))
  t.equal(verdict, 'refused')
  t.strictSame(files, [
    { part: 2, verdict: 'clean', releaseName: 'a.png' },
    { part: 3, verdict: 'refused', releaseName: 'b.png' },
  ])
})

t.test('names: refused, rewritten, reported', async (t) => {
  const onBad = (value: 'refuse' | 'rewrite', mode: Mode = 'enforce'): Policy =>
    policyOf({ mode, files: { name: { length: 40, onBad: value } } })
  const names: readonly (readonly [name: string, rewritten: string, released: string])[] = [
    ['C:\\fakepath\\a.png', 'a.png', 'a.png'],
    ['a"b.png', 'a_b.png', 'a_b.png'],
    ['a%2Eb.png', 'a_2Eb.png', 'a_2Eb.png'],
    ['a.png ', 'a.png', 'a.png'],
    ['con.png', '_con.png', 'con.png'],
    ['x\u202Egnp.png', 'x_gnp.png', 'x\u202Egnp.png'],
    [`${'a'.repeat(50)}.png`, `${'a'.repeat(36)}.png`, `${'a'.repeat(50)}.png`],
    [`${'a'.repeat(300)}.png`, `${'a'.repeat(36)}.png`, `${'a'.repeat(36)}.png`],
    ['fine.png', 'fine.png', 'fine.png'],
  ]
  for (const [name, rewritten, released] of names) {
    const facts = upload({ files: [file(name, 'png')] })
    const verdictOf = (policy: Policy) => {
      const { action, findings, files } = decide(policy, facts)
      return [action, findings.length > 0, files[0]?.releaseName]
    }
    const bad = name !== 'fine.png'
    t.equal(decide(onBad('refuse'), facts).action, bad ? 'refuse' : 'release', JSON.stringify(name))
    t.strictSame(verdictOf(onBad('rewrite')), ['release', false, rewritten], 'rewritten where enforced')
    t.strictSame(verdictOf(onBad('rewrite', 'report')), ['release', bad, released], 'told where reported')
    t.strictSame(verdictOf(onBad('refuse', 'report')), ['release', bad, released], 'never released ambiguous')
    t.strictSame(verdictOf(onBad('refuse', 'off')), ['release', false, released], 'not even where nothing is judged')
  }
  t.strictSame(rulesOf(onBad('rewrite'), upload({ files: [file('a.php.png ', 'png')] })), ['file.name.executable'])
  t.strictSame(rulesOf(onBad('rewrite'), upload({ files: [file('b/a.png', 'jpeg')] })), ['file.type.mismatch'])
})

t.test('packs are complete and frozen', async (t) => {
  for (const name of Object.keys(packs) as PackName[]) {
    const pack = packs[name]
    t.ok(Object.isFrozen(pack) && Object.isFrozen(pack.request) && Object.isFrozen(pack.files.name), name)
    t.ok(pack.files.size <= pack.request.size && pack.fields.count + pack.files.count <= pack.request.parts, name)
    for (const program of ['exe', 'php', 'jar', 'docm', 'svg', 'html'] as const) {
      t.notOk(pack.files.types.includes(program), `${name} does not list ${program}`)
    }
  }
  t.ok(packs.images.files.types.includes('heic') && packs.documents.files.types.includes('docx'))
  t.ok(packs.archives.files.types.includes('zip') && packs.anything.files.types === 'any')
})

const anySize = fc.oneof(fc.nat(30), fc.nat(100_000))
const anyField = fc.record({
  part: fc.nat(50),
  name: fc.oneof(fc.constantFrom('id', 'a', 'a"', 'a['), fc.string({ maxLength: 5 })),
  size: anySize,
  contentType: fc.constant(null),
  utf8: fc.boolean(),
})
const uncoveredReasons = ['timeout', 'memory', 'tooLarge', 'encrypted', 'unsupported', 'damaged'] as const

const anyContent: fc.Arbitrary<ContentFacts> = fc.record({
  observations: fc.array(
    fc.record({ rule: fc.constantFrom(...contentRuleIds), count: fc.nat(5), detail: fc.string({ maxLength: 5 }) }),
    { maxLength: 3 },
  ),
  uncovered: fc.array(fc.record({ reason: fc.constantFrom(...uncoveredReasons), detail: fc.constant('x') }), {
    maxLength: 2,
  }),
})
const anyFound: fc.Arbitrary<Partial<Inspected>> = fc.record({
  content: anyContent,
  archive: fc.option(fc.record({ entries: fc.nat(2000), depth: fc.nat(5), expanded: fc.nat(), ratio: fc.nat(200) }), {
    nil: null,
  }),
  members: fc.array(
    fc.record({
      path: fc.constant('a > b'),
      name: fc.constantFrom('b', 'b.exe', 'b.png'),
      embedded: fc.boolean(),
      size: anySize,
      detected: fc.record({ type: fc.constantFrom(null, ...fileTypeIds), description: fc.constant('x') }),
      content: anyContent,
    }),
    { maxLength: 3 },
  ),
})
const anyFile = fc
  .record({
    part: fc.nat(50),
    field: fc.constantFrom('a', 'b\\'),
    name: fc.oneof(fc.constantFrom('', 'a.png', 'a.jpg', 'x/a.pdf', 'blob', 'a.php'), fc.string({ maxLength: 8 })),
    size: anySize,
    type: fc.constantFrom(null, ...fileTypeIds),
    declaredType: fc.constantFrom(null, 'image/png', 'text/plain', 'a/b'),
    seen: anyFound,
  })
  .map(({ type, seen, ...changes }) =>
    file('', type, { ...changes, inspected: changes.size === 0 ? null : found({ type, description: 'x' }, seen) }),
  )
const anyFacts: fc.Arbitrary<UploadFacts> = fc.record({
  channel: fc.constantFrom('multipart', 'raw'),
  size: anySize,
  parts: fc.nat(20),
  fields: fc.array(anyField, { maxLength: 6 }),
  files: fc.array(anyFile, { maxLength: 5 }),
  complete: fc.boolean(),
})
const anyMode = fc.constantFrom<Mode>('enforce', 'report', 'off')
const anyPolicy = fc
  .record({
    mode: anyMode,
    modes: fc.dictionary(fc.constantFrom(...ruleIds), anyMode),
    onRefused: fc.constantFrom<Policy['onRefused']>('refuse', 'strip'),
    numbers: fc.array(anySize, { minLength: 7, maxLength: 7 }),
    types: fc.constantFrom<Policy['files']['types']>('any', ordinary, ['txt', 'php']),
    onBad: fc.constantFrom<'refuse' | 'rewrite'>('refuse', 'rewrite'),
  })
  .map(({ numbers, types, onBad, ...rest }) => {
    const [size = 0, parts = 0, count = 0, value = 0, total = 0, files = 0, fileSize = 0] = numbers
    return policyOf({
      ...rest,
      request: { size, parts },
      fields: { count, size: value, total },
      files: { count: files, size: fileSize, types, name: { length: 20, onBad } },
    })
  })

t.test('a decision is the same again, also from recorded facts', async (t) => {
  fc.assert(
    fc.property(anyPolicy, anyFacts, (policy, facts) => {
      const verdict = decide(policy, facts)
      const again = decide(policy, JSON.parse(JSON.stringify(facts)) as UploadFacts)
      if (JSON.stringify(again) !== JSON.stringify(verdict)) fail('differs')
      const enforced = verdict.findings.some(({ mode }) => mode === 'enforce')
      if ((verdict.action === 'release') !== (facts.complete && !enforced)) fail('releases what is refused')
      if (verdict.action === 'strip' && (policy.onRefused !== 'strip' || !facts.complete)) fail('strips')
      if ((verdict.verdict !== 'refused') !== (verdict.action === 'release')) fail('says clean of what is not')
      if (verdict.files.length !== facts.files.length) fail('loses a file')
      for (const { releaseName } of verdict.files) if (/["\\/\0-\x1F\x7F]/.test(releaseName)) fail(releaseName)
    }),
    { numRuns: 2000 },
  )
  t.pass('for 2,000 uploads')
})

t.test('what passes a ceiling is refused by the same rule', async (t) => {
  fc.assert(
    fc.property(anyPolicy, anyFacts, (policy, facts) => {
      const most = ceilings(policy)
      const sum = facts.fields.reduce((total, { size }) => total + size, 0)
      const passed = [
        facts.size > most.requestSize && 'request.size',
        facts.parts > most.parts && 'request.parts',
        facts.fields.length > most.fieldCount && 'field.count',
        facts.fields.some(({ size }) => size > most.fieldSize) && 'field.size',
        sum > most.fieldTotal && 'field.total',
        facts.files.filter(({ name, size }) => name !== '' || size > 0).length > most.fileCount && 'file.count',
        facts.files.some(({ size }) => size > most.fileSize) && 'file.size',
      ].filter((rule) => rule !== false)
      const limits = [
        'request.size',
        'request.parts',
        'field.count',
        'field.size',
        'field.total',
        'file.count',
        'file.size',
      ]
      const { findings, action } = decide(policy, { ...facts, complete: false })
      const found = new Set<string>(findings.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule))
      if (action !== 'refuse') fail('incomplete facts are refused')
      if (String(limits.filter((rule) => found.has(rule))) !== String(passed)) fail(`${passed} but ${[...found]}`)
    }),
    { numRuns: 2000 },
  )
  t.equal(ceilings(policyOf({ mode: 'report' })).fileSize, Number.POSITIVE_INFINITY)
  t.equal(ceilings(policyOf({ modes: { 'file.size': 'off' } })).fileSize, Number.POSITIVE_INFINITY)
  t.equal(ceilings(policyOf({ onRefused: 'strip' })).oversized, 'discard')
  t.equal(ceilings(policyOf()).oversized, 'stop')
})

function fail(message: string): never {
  throw new Error(message)
}
