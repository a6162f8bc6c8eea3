import t from 'tap'
import { judge } from '../../src/path/6-verdict/judge.ts'
import type { FileFacts, Inspected, Scan, ScanGap, ScanResult, UploadFacts } from '../../src/path/types.ts'
import { wayToAllow } from '../../src/policy/allowing.ts'
import { decide } from '../../src/policy/decide.ts'
import { packs } from '../../src/policy/packs.ts'
import type { Policy } from '../../src/policy/policy.ts'

const gaps: readonly ScanGap[] = ['unavailable', 'timeout', 'tooLarge', 'encrypted', 'partial', 'stale']

function policyOf(files: Partial<Policy['files']> = {}, changes: Partial<Policy> = {}): Policy {
  const named = { name: 'p', owner: null, expected: null, rollback: null, mode: 'enforce', modes: {} } as const
  const scanned = { ...packs.anything.files, scanners: ['one', 'two'], ...files }
  return { ...named, ...packs.anything, files: scanned, ...changes }
}

function scan(scanner: string, result: ScanResult, depth: number | null = null): Scan {
  return { ...result, scanner, version: null, depth, cached: false, duration: 1 }
}

const clean: ScanResult = { result: 'clean' }
const infected: ScanResult = { result: 'infected', signature: 'Test.Virus' }
const gap = (reason: ScanGap): ScanResult => ({ result: 'unscanned', reason, detail: 'something' })

function file(scans: readonly Scan[], depth: number | null = null, part = 1): FileFacts {
  const archive = depth === null ? null : { entries: 1, depth, expanded: 1, ratio: 1 }
  const content = { observations: [], uncovered: [] }
  const inspected: Inspected = { detected: { type: 'png', description: 'x' }, content, archive, members: [] }
  return { part, field: 'f', name: 'a.png', size: 9, sha256: 'ab', declaredType: null, inspected, scans }
}

function upload(...files: FileFacts[]): UploadFacts {
  return { channel: 'multipart', size: 9, parts: files.length, fields: [], files, complete: true }
}

const rulesOf = (policy: Policy, facts: UploadFacts) => decide(policy, facts).findings.map(({ rule }) => rule)

t.test('a file is clean only where each scanner of the policy covers it', async (t) => {
  const both = [scan('one', clean), scan('two', clean)]
  t.match(decide(policyOf(), upload(file(both))), { verdict: 'clean', action: 'release', findings: [] })
  t.match(decide(policyOf(), upload(file([scan('two', clean)]))), { verdict: 'refused' }, 'one was not asked')
  t.same(rulesOf(policyOf(), upload(file([scan('two', clean)]))), ['scan.unavailable'])
  t.match(decide(policyOf({ scanners: [] }), upload(file([]))), { verdict: 'clean' }, 'none is asked for')
  const empty = { ...file([]), size: 0, name: 'empty.txt', inspected: null }
  t.notMatch(rulesOf(policyOf({ types: 'any' }), upload(empty)), ['scan.unavailable'], 'nothing to scan')
})

t.test('malware is refused, whatever else a scanner says', async (t) => {
  const facts = upload(file([scan('one', infected), scan('two', gap('unavailable'))]))
  t.same(rulesOf(policyOf(), facts), ['scan.malware', 'scan.unavailable'])
  const [finding] = decide(policyOf(), facts).findings
  t.equal(finding?.violation.failed, 'a scanner found Test.Virus in it')
  t.equal(finding?.violation.part, 1)
  t.same(rulesOf(policyOf(), upload(file([scan('one', infected), scan('two', infected)]))), ['scan.malware'], 'once')
  const other = file([scan('one', clean), scan('two', clean), scan('three', infected)])
  t.same(rulesOf(policyOf(), upload(other)), [], 'a scanner that the policy does not ask')
  t.match(wayToAllow('scan.malware'), 'hashes')
})

t.test('each reason has a setting of its own, and a released file is unscanned', async (t) => {
  for (const reason of gaps) {
    const facts = upload(file([scan('one', gap(reason)), scan('two', gap(reason))]))
    t.same(rulesOf(policyOf(), facts), [`scan.${reason}`], `${reason}: refused, once`)
    const onUnscanned = { ...packs.anything.files.onUnscanned, [reason]: 'release' }
    t.match(decide(policyOf({ onUnscanned }), facts), { verdict: 'unscanned', action: 'release' }, reason)
    for (const other of gaps.filter((candidate) => candidate !== reason)) {
      const others = upload(file([scan('one', gap(other)), scan('two', clean)]))
      t.same(rulesOf(policyOf({ onUnscanned }), others), [`scan.${other}`], `${reason} does not let ${other} pass`)
    }
    const reported = policyOf({}, { modes: { [`scan.${reason}`]: 'report' } })
    t.match(decide(reported, facts), { verdict: 'unscanned', findings: [{ mode: 'report' }] }, `${reason} reported`)
    t.match(wayToAllow(`scan.${reason}`), `onUnscanned.${reason}: release`)
  }
})

t.test('a clean answer counts no deeper than the scanner was proven to look', async (t) => {
  const facts = (proven: number | null, depth: number | null) =>
    upload(file([scan('one', clean, proven), scan('two', clean)], depth))
  t.same(rulesOf(policyOf(), facts(2, 2)), [])
  t.same(rulesOf(policyOf(), facts(1, 2)), ['scan.partial'])
  t.same(rulesOf(policyOf(), facts(0, null)), [], 'no archive')
  t.same(rulesOf(policyOf(), facts(null, 3)), [], 'a scanner of bytes as they are')
})

t.test('known good files pass what scanners hold against them, and stay unscanned where they are', async (t) => {
  const allowed = scan('one', { result: 'allowed' })
  t.match(decide(policyOf(), upload(file([allowed, scan('two', infected)]))), { action: 'release', verdict: 'clean' })
  const facts = upload(file([allowed, scan('two', gap('timeout'))]))
  t.match(decide(policyOf(), facts), { action: 'release', verdict: 'unscanned' })
})

t.test('stripping takes out what scanners refuse', async (t) => {
  const good = file([scan('one', clean), scan('two', clean)], null, 2)
  const facts = upload(file([scan('one', infected), scan('two', clean)]), good)
  t.match(decide(policyOf({}, { onRefused: 'strip' }), facts), {
    action: 'strip',
    files: [{ verdict: 'refused' }, { verdict: 'clean' }],
  })
})

t.test('what may pass later is not kept for review', async (t) => {
  const of = (...scans: Scan[]) => judge(policyOf(), upload(file(scans)), null).reviewable
  t.equal(of(scan('one', gap('unavailable')), scan('two', gap('stale'))), false)
  t.equal(of(scan('one', gap('unavailable')), scan('two', infected)), true)
  t.equal(of(scan('one', clean), scan('two', clean)), false, 'it is not refused')
  const cut = { ...upload(file([scan('one', infected), scan('two', clean)])), complete: false }
  t.equal(judge(policyOf(), cut, null).reviewable, false, 'not all of it is here')
})
