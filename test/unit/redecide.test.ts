import t from 'tap'
import type { FileFacts, Scan, UploadFacts } from '../../src/path/types.ts'
import { unpackingCeilings } from '../../src/policy/ceilings.ts'
import { compare } from '../../src/policy/compare.ts'
import { decide } from '../../src/policy/decide.ts'
import { packs } from '../../src/policy/packs.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Reading } from '../../src/policy/reading.ts'
import { redecide } from '../../src/policy/redecide.ts'

interface Changes extends Partial<Omit<Policy, 'files' | 'fields' | 'request'>> {
  readonly files?: Partial<Policy['files']>
  readonly fields?: Partial<Policy['fields']>
  readonly request?: Partial<Policy['request']>
}

function policyOf({ files, fields, request, ...changes }: Changes = {}): Policy {
  const pack = packs.anything
  const texts = { name: 'p', owner: null, expected: null, rollback: null, mode: 'enforce', modes: {} } as const
  return {
    ...pack,
    ...texts,
    request: { ...pack.request, ...request },
    fields: { ...pack.fields, ...fields },
    files: { ...pack.files, ...files },
    ...changes,
  }
}

const archive = { entries: 2, depth: 1, expanded: 10, ratio: 1 }

function file(changes: Partial<FileFacts> = {}): FileFacts {
  const content = { observations: [], uncovered: [] }
  const detected = { type: 'zip', description: 'ZIP archive' } as const
  const inspected = { detected, content, archive, members: [] }
  return {
    part: 1,
    field: 'f',
    name: 'a.zip',
    size: 9,
    sha256: 'ab',
    declaredType: null,
    inspected,
    scans: [],
    ...changes,
  }
}

function upload(files: readonly FileFacts[], changes: Partial<UploadFacts> = {}): UploadFacts {
  return { channel: 'multipart', size: 10, parts: files.length, fields: [], files, complete: true, ...changes }
}

function scan(scanner: string, result: 'clean' | 'allowed' = 'clean'): Scan {
  return { scanner, result, version: null, depth: null, cached: false, duration: 1 }
}

function reading(changes: Partial<Reading> = {}): Reading {
  return { stoppedBy: null, unpacking: unpackingCeilings(policyOf()), hashed: null, ...changes }
}

const asked = policyOf({ files: { scanners: ['av'] } })
const ended = unpackingCeilings(policyOf({ files: { archive: { ...packs.anything.files.archive, entries: 1 } } }))
const tooLarge = { observations: [], uncovered: [{ reason: 'tooLarge', detail: 'it ended' }] } as const
const half = { ...file().inspected!, content: tooLarge }
const unread = upload([file({ size: 101, sha256: null, inspected: null })], { complete: false })
const stopped = reading({ stoppedBy: 'file.size' })
const unkept = upload([file({ size: 101, sha256: null, inspected: null })])
const sized = (size: number, more: Changes = {}): Policy => policyOf({ ...more, files: { size, ...more.files } })
const hashed = upload([file()], {
  fields: [{ part: 2, name: '~0123456789abcdef', size: 1, contentType: null, utf8: true }],
})
const lost = reading({ hashed: { lost: [1], kept: [] } })

/** What the second policy says of the facts: the rules in the way, or the kinds of gaps. */
const cases: readonly (readonly [
  string,
  Policy,
  UploadFacts,
  Reading,
  readonly string[] | { gaps: readonly string[] },
])[] = [
  ['nothing is missing', policyOf(), upload([file()]), reading(), []],
  ['a scanner was not asked', asked, upload([file()]), reading(), { gaps: ['notAsked'] }],
  ['a scanner was asked', asked, upload([file({ scans: [scan('av')] })]), reading(), []],
  [
    'a list of good files makes the others superfluous',
    policyOf({ files: { scanners: ['av', 'good'] } }),
    upload([file({ scans: [scan('good', 'allowed')] })]),
    reading(),
    [],
  ],
  [
    'a list that the policy does not ask',
    asked,
    upload([file({ scans: [scan('good', 'allowed')] })]),
    reading(),
    { gaps: ['notAsked'] },
  ],
  ['nobody looks at what scanners say', { ...asked, mode: 'report' }, upload([file()]), reading(), []],
  [
    'a scanner does not matter where something else refuses',
    policyOf({ files: { scanners: ['av'], types: ['pdf'] } }),
    upload([file()]),
    reading(),
    ['file.type.refused'],
  ],
  [
    'but it does where only the file is left out',
    policyOf({ onRefused: 'strip', files: { scanners: ['av'], types: ['pdf'] } }),
    upload([file(), file({ part: 2, name: 'b.pdf' })]),
    reading(),
    { gaps: ['notAsked', 'notAsked'] },
  ],
  ['reading stopped where the limit still is', sized(100), unread, stopped, ['file.size']],
  ['reading stopped where the limit is lower', sized(50), unread, stopped, ['file.size']],
  ['reading stopped where the limit is higher', sized(1000), unread, stopped, { gaps: ['stopped'] }],
  [
    'reading stopped, and the name is refused',
    sized(1000, { files: { types: ['pdf'] } }),
    unread,
    stopped,
    ['file.type.refused'],
  ],
  [
    'a file was not kept that is small now',
    sized(1000, { onRefused: 'strip' }),
    unkept,
    reading(),
    { gaps: ['notKept'] },
  ],
  ['a file was not kept and is too large', sized(100, { onRefused: 'strip' }), unkept, reading(), ['file.size']],
  [
    'unpacking ended at a limit that is higher',
    policyOf(),
    upload([file({ inspected: half })]),
    reading({ unpacking: ended }),
    { gaps: ['unpacking'] },
  ],
  [
    'unpacking ended at the limit',
    policyOf({ files: { archive: { ...packs.anything.files.archive, entries: 1 } } }),
    upload([file({ inspected: half })]),
    reading({ unpacking: ended }),
    ['file.archive.entries'],
  ],
  ['the name is lost', policyOf(), upload([file()]), lost, { gaps: ['names'] }],
  ['the name of another part is lost', policyOf(), upload([file({ part: 2 })]), lost, []],
  [
    'the name is lost and the request too large',
    policyOf({ request: { size: 5 } }),
    upload([file()]),
    lost,
    ['request.size'],
  ],
  ['any field may be there', policyOf(), hashed, reading({ hashed: { lost: [], kept: ['b'] } }), []],
  [
    'only some fields may be there',
    policyOf({ fields: { allow: ['a'] } }),
    hashed,
    reading({ hashed: { lost: [], kept: ['b'] } }),
    { gaps: ['names'] },
  ],
  [
    'the fields that may be there were never hashed',
    policyOf({ fields: { allow: ['b'] } }),
    hashed,
    reading({ hashed: { lost: [], kept: ['b'] } }),
    ['field.unknown'],
  ],
  [
    'a field must be there that was never hashed',
    policyOf({ fields: { require: ['b'] } }),
    hashed,
    reading({ hashed: { lost: [], kept: ['b'] } }),
    ['field.missing'],
  ],
  [
    'a field must be there',
    policyOf({ fields: { require: ['a'] } }),
    hashed,
    reading({ hashed: { lost: [], kept: ['b'] } }),
    { gaps: ['names'] },
  ],
]

t.test('what facts do not tell is not guessed, and matters only where nothing else refuses', (t) => {
  for (const [what, policy, facts, read, expected] of cases) {
    const decision = redecide(policy, facts, read)
    if (decision.kind === 'undecidable') t.strictSame({ gaps: decision.gaps.map(({ kind }) => kind) }, expected, what)
    else
      t.strictSame(
        decision.verdict.findings.map(({ rule }) => rule),
        expected,
        what,
      )
  }
  t.end()
})

t.test('how two decisions differ', (t) => {
  const png = file({
    part: 2,
    name: 'b.png',
    inspected: { ...file().inspected!, detected: { type: 'png', description: 'PNG' } },
  })
  const facts = upload([file(), png])
  const taking = (...types: ('zip' | 'png' | 'pdf')[]): Policy => policyOf({ files: { types } })
  const strip = (...types: ('zip' | 'png' | 'pdf')[]): Policy => policyOf({ onRefused: 'strip', files: { types } })
  const cases: readonly (readonly [string, Policy, Policy, string, string[], string[]])[] = [
    ['both let it through', taking('zip', 'png'), policyOf(), 'same', [], []],
    ['the second refuses', policyOf(), taking('png'), 'stricter', ['file.type.refused'], []],
    ['the second lets it through', taking('png'), policyOf(), 'laxer', [], ['file.type.refused']],
    ['both refuse for the same', taking('png'), taking('zip'), 'same', [], []],
    [
      'for something else',
      taking('png'),
      policyOf({ request: { size: 1 } }),
      'otherwise',
      ['request.size'],
      ['file.type.refused'],
    ],
    ['less travels', policyOf(), strip('png'), 'stricter', ['file.type.refused'], []],
    ['some travels', taking('png'), strip('png'), 'laxer', [], []],
    ['another file travels', strip('zip'), strip('png'), 'otherwise', [], []],
    ['the same file travels', strip('png'), strip('png'), 'same', [], []],
    ['it is only reported', policyOf(), { ...taking('png'), mode: 'report' }, 'same', [], []],
  ]
  for (const [what, first, second, change, added, dropped] of cases) {
    const found = compare(decide(first, facts), redecide(second, facts, reading()))
    t.strictSame(found, { change, added, dropped, gaps: [] }, what)
  }
  const unknown = compare(decide(policyOf(), facts), redecide(asked, facts, reading()))
  t.match(unknown, {
    change: 'undecidable',
    added: [],
    dropped: [],
    gaps: [{ rule: 'scan.unavailable', detail: 'the scanner av was not asked' }],
  })
  t.end()
})
