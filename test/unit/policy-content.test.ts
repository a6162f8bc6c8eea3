import t from 'tap'
import type { FileTypeId } from '../../src/file-types/catalogue.ts'
import type { ContentFacts, FileFacts, Inspected, MemberFacts, UploadFacts, Verdict } from '../../src/path/types.ts'
import { wayToAllow } from '../../src/policy/allowing.ts'
import { unpackingCeilings, unpackingMost } from '../../src/policy/ceilings.ts'
import { decide } from '../../src/policy/decide.ts'
import { packs } from '../../src/policy/packs.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { rewritingOf } from '../../src/policy/rewriting.ts'
import { allowances } from '../../src/policy/rules/allowances.ts'
import { type ContentRuleId, contentRuleIds, ruleIds } from '../../src/problems/catalogue.ts'

type Files = { readonly [Key in keyof Policy['files']]?: Partial<Policy['files'][Key]> | Policy['files'][Key] }

function policyOf(files: Files = {}, changes: Partial<Policy> = {}): Policy {
  const pack = packs.anything
  const merged = Object.entries({ ...pack.files, ...files }).map(([key, value]) => {
    const base: unknown = pack.files[key as keyof Files]
    const isSection = typeof value === 'object' && !Array.isArray(value)
    return [key, isSection ? Object.assign({}, base, value) : value]
  })
  const named = { name: 'p', owner: null, expected: null, rollback: null, mode: 'enforce', modes: {} } as const
  return { ...named, ...pack, files: Object.fromEntries(merged) as Policy['files'], ...changes }
}

const nothing: ContentFacts = { observations: [], uncovered: [] }
const seen = (rule: ContentRuleId, detail = 'something is there'): ContentFacts => ({
  ...nothing,
  observations: [{ rule, count: 1, detail }],
})
const detected = (type: FileTypeId | null) => ({ type, description: 'x' })

function upload(type: FileTypeId | null, inspected: Partial<Inspected> = {}, name = 'f'): UploadFacts {
  const found: Inspected = { detected: detected(type), content: nothing, archive: null, members: [], ...inspected }
  const file: FileFacts = {
    part: 1,
    field: 'a',
    name,
    size: 9,
    sha256: 'ab',
    declaredType: null,
    inspected: found,
    scans: [],
  }
  return { channel: 'raw', size: 9, parts: 1, fields: [], files: [file], complete: true }
}

function member(name: string, type: FileTypeId | null, changes: Partial<MemberFacts> = {}): MemberFacts {
  return { path: name, name, embedded: false, size: 5, detected: detected(type), content: nothing, ...changes }
}

const rules = ({ findings }: Verdict): string[] => findings.map(({ rule }) => rule)
const failed = ({ findings }: Verdict): string[] => findings.map(({ violation }) => violation.failed)

/** Measured, not observed. */
const measured = /^file\.(?:archive\.(?:entries|depth|expanded|ratio|member)|image\.(?:pixels|frames))$/
const keptByDefault = new Set([
  'file.pdf.actions',
  'file.pdf.external',
  'file.pdf.form',
  'file.pdf.restricted',
  'file.markup.external',
  'file.markup.structure',
  'file.csv.formulas',
])

t.test('what was observed is refused or kept, as the policy says', async (t) => {
  for (const rule of contentRuleIds.filter((id) => !measured.test(id) && !id.startsWith('file.unscanned.'))) {
    const facts = upload('pdf', { content: seen(rule) })
    t.strictSame(rules(decide(policyOf(), facts)), keptByDefault.has(rule) ? [] : [rule], `${rule} by default`)
    t.strictSame(rules(decide(policyOf({}, { mode: 'off' }), facts)), [], `${rule} when off`)
    const report = decide(policyOf({}, { modes: { [rule]: 'report' } }), facts)
    t.equal(report.verdict, 'clean', `${rule} is only reported`)
  }
  t.match(failed(decide(policyOf(), upload('pdf', { content: seen('file.pdf.launch', 'it starts cmd.exe') }))), [
    'it starts cmd.exe',
  ])
})

t.test('each setting lets through what its rule is about, and nothing else', async (t) => {
  for (const [rule, allowance] of Object.entries(allowances)) {
    const [path = '', value = ''] = allowance.setting.split(': ')
    const [section = '', key = ''] = path.split('.')
    const policy = policyOf({ [section]: { [key]: value } })
    const other = value === 'keep' ? 'refuse' : value === 'release' ? 'refuse' : 'keep'
    t.ok(allowance.allows(policy.files), `${rule}: ${allowance.setting}`)
    t.notOk(allowance.allows(policyOf({ [section]: { [key]: other } }).files), `${rule}: ${key}: ${other}`)
    t.equal(wayToAllow(rule as ContentRuleId), `\`files.${allowance.setting}\``)
  }
  for (const rule of ruleIds) t.match(wayToAllow(rule), /\S/, `${rule} can be allowed somehow`)
})

t.test('what was not looked into is unscanned', async (t) => {
  const gap = (reason: ContentFacts['uncovered'][number]['reason']) =>
    upload('zip', { content: { ...nothing, uncovered: [{ reason, detail: 'it is strange' }] } })
  for (const reason of ['timeout', 'memory', 'tooLarge', 'unsupported', 'damaged'] as const) {
    const refused = decide(policyOf(), gap(reason))
    t.match([refused.verdict, rules(refused)], ['refused', [`file.unscanned.${reason}`]], reason)
    const released = decide(policyOf({ onUnscanned: { [reason]: 'release' } }), gap(reason))
    t.match(released, { verdict: 'unscanned', action: 'release', findings: [], files: [{ verdict: 'unscanned' }] })
  }
  const encrypted = decide(policyOf(), gap('encrypted'))
  t.match([encrypted.verdict, rules(encrypted)], ['unscanned', []], 'the rule of its kind of file decides')
  const inside = upload('zip', {
    members: [
      member('a', 'pdf', { content: { ...nothing, uncovered: [{ reason: 'damaged', detail: 'it is broken' }] } }),
    ],
  })
  t.match(failed(decide(policyOf(), inside)), ['it is broken, in "a"'])
})

t.test('archives: how much, how deep, how tight', async (t) => {
  const archive = { entries: 1001, depth: 4, expanded: 300 * 2 ** 20, ratio: 101 }
  const all = ['file.archive.entries', 'file.archive.depth', 'file.archive.expanded', 'file.archive.ratio']
  const ended: ContentFacts = { ...nothing, uncovered: [{ reason: 'tooLarge', detail: 'unpacking ended' }] }
  t.strictSame(
    rules(decide(policyOf(), upload('zip', { archive, content: ended }))),
    all,
    'the limit says why it ended',
  )
  const most = { entries: 1000, depth: 3, expanded: 200 * 2 ** 20, ratio: 100 }
  t.strictSame(rules(decide(policyOf(), upload('zip', { archive: most }))), [], 'at the limits')
  const report = policyOf({}, { modes: Object.fromEntries(all.map((rule) => [rule, 'report' as const])) })
  t.strictSame(rules(decide(report, upload('zip', { archive, content: ended }))), ['file.unscanned.tooLarge', ...all])
  t.strictSame(unpackingCeilings(policyOf()), most)
  t.strictSame(unpackingCeilings(report), unpackingMost, 'what is only reported does not end the inspection')
})

t.test('archives: the types of members', async (t) => {
  const zip = policyOf({ types: ['zip', 'pdf'] })
  const rows: readonly (readonly [Policy, MemberFacts, string | null])[] = [
    [zip, member('a.pdf', 'pdf'), null],
    [zip, member('a.png', 'png'), 'the name ends in .png, in "a.png"'],
    [zip, member('a.pdf', 'exe'), 'content is a x, in "a.pdf"'],
    [zip, member('a.pdf', null), 'content is a x, in "a.pdf"'],
    [zip, member('run.exe', 'pdf'), 'the name has the extension .exe, in "run.exe"'],
    [zip, member('x/.DS_Store', null), null],
    [zip, member('__MACOSX/._a.pdf', 'appledouble'), null],
    [policyOf(), member('a.png', 'png'), null],
    [policyOf(), member('README', null), null],
    [policyOf(), member('a.exe', 'exe'), 'the name has the extension .exe, in "a.exe"'],
    [policyOf(), member('a', 'elf'), 'content is a x, in "a"'],
    [policyOf({ types: ['zip'], archive: { types: ['png'] } }), member('a.png', 'png'), null],
    [policyOf({ types: ['pdf'] }), member('sheet.xlsx', 'xlsx', { embedded: true }), null],
    [
      policyOf({ types: ['pdf'] }),
      member('a.exe', 'exe', { embedded: true }),
      'the name has the extension .exe, in "a.exe"',
    ],
  ]
  for (const [policy, inside, expected] of rows) {
    const type = policy.files.types === 'any' ? 'zip' : (policy.files.types[0] ?? 'zip')
    const verdict = decide(policy, upload(type, { members: [inside] }))
    t.strictSame(failed(verdict), expected === null ? [] : [expected], `${inside.name} in ${type}`)
    if (expected !== null) t.strictSame(rules(verdict), ['file.archive.member'])
  }
  const two = decide(zip, upload('zip', { members: [member('a.png', 'png'), member('b.png', 'png')] }))
  t.strictSame(failed(two), ['the name ends in .png, in "a.png", and more'], 'one finding for all members')
})

t.test('images: pixels and frames', async (t) => {
  const image = (width: number, height: number, frames = 1): ContentFacts => ({
    ...nothing,
    image: { width, height, frames, metadata: 0, location: false },
  })
  const rows: readonly (readonly [FileTypeId, ContentFacts, ...string[]])[] = [
    ['jpeg', image(5000, 10_000)],
    ['jpeg', image(5001, 10_000), 'file.image.pixels'],
    ['gif', image(1000, 1000, 51), 'file.image.pixels'],
    ['tiff', image(5000, 10_000, 40)],
    ['gif', image(1, 1, 201), 'file.image.frames'],
    ['tiff', image(1, 1, 201), 'file.image.frames'],
  ]
  for (const [type, content, ...expected] of rows) {
    t.strictSame(rules(decide(policyOf(), upload(type, { content }))), expected, JSON.stringify(content.image))
  }
  const inside = upload('zip', { members: [member('a.png', 'png', { content: image(9999, 9999) })] })
  t.strictSame(rules(decide(policyOf(), inside)), ['file.image.pixels'], 'in an archive')
})

t.test('rewriting', async (t) => {
  const strip = policyOf({ image: { metadata: 'strip' }, markup: { script: 'sanitise' } })
  t.strictSame(rewritingOf(strip, 'jpeg'), { how: 'strip' })
  t.strictSame(rewritingOf(strip, 'svg'), { how: 'sanitise' })
  t.equal(rewritingOf(strip, 'pdf'), null)
  t.equal(rewritingOf(policyOf(), 'jpeg'), null)
  t.match(rewritingOf(policyOf({ image: { metadata: 'reencode' } }), 'png'), { how: 'reencode', pixels: 50_000_000 })
  const content = seen('file.markup.script')
  t.strictSame(rules(decide(strip, upload('svg', { content }))), [], 'what is taken out is not refused')
  t.strictSame(rules(decide(strip, upload('html', { content }))), ['file.markup.script'], 'HTML is not sanitised')
  const inside = upload('zip', { members: [member('a.svg', 'svg', { content })] })
  t.strictSame(rules(decide(strip, inside)), ['file.markup.script'], 'nor are members')
})
