import type { FileFacts, UploadFacts } from '../path/types.ts'
import type { RuleId } from '../problems/catalogue.ts'
import { type UnpackingCeilings, unpackingCeilings } from './ceilings.ts'
import { isEmptyInput, limits } from './limits.ts'
import { isStandInForField } from './names/stand-in.ts'
import { modeOf, type Policy } from './policy.ts'
import type { Reading } from './reading.ts'

/** Something that a policy asks and that the facts do not tell, because another policy had them collected. */
export interface Gap {
  readonly kind: 'stopped' | 'notKept' | 'unpacking' | 'notAsked' | 'names'
  /** The rule that it would have been for; null where it is not one rule's. */
  readonly rule: RuleId | null
  /** Null where it is about the request. */
  readonly part: number | null
  /** A clause for people; no word of it is a client's. */
  readonly detail: string
}

/** All gaps between a policy and facts that were collected under another one. */
export function gapsOf(policy: Policy, facts: UploadFacts, reading: Reading): Gap[] {
  return [
    ...stoppedGaps(facts, reading),
    ...(reading.hashed === null ? [] : fieldGaps(policy, facts, reading.hashed.kept)),
    ...facts.files.filter((file) => !isEmptyInput(file)).flatMap((file) => fileGaps(policy, facts, file, reading)),
  ]
}

function stoppedGaps({ complete }: UploadFacts, { stoppedBy }: Reading): Gap[] {
  if (complete) return []
  const limit = stoppedBy ?? 'a limit'
  return [{ kind: 'stopped', rule: stoppedBy, part: null, detail: `reading stopped at ${limit}` }]
}

function fileGaps(policy: Policy, facts: UploadFacts, file: FileFacts, reading: Reading): Gap[] {
  const { part } = file
  if (file.inspected === null) {
    // Of a request that was not read to its end, the gap is that.
    const unkept = facts.complete && file.size > 0 && !isTooLarge(policy, file)
    const detail = 'the file was too large to be kept, and nobody looked into it'
    return unkept
      ? [{ kind: 'notKept', rule: 'file.size', part, detail }, ...lostGaps(file, reading)]
      : lostGaps(file, reading)
  }
  return [...lostGaps(file, reading), ...unpackingGaps(policy, file, reading), ...scanGaps(policy, file)]
}

function isTooLarge(policy: Policy, { size }: FileFacts): boolean {
  return modeOf(policy, 'file.size') === 'enforce' && size > limits['file.size'](policy)
}

function lostGaps({ part }: FileFacts, { hashed }: Reading): Gap[] {
  if (hashed === null || !hashed.lost.includes(part)) return []
  return [{ kind: 'names', rule: null, part, detail: 'the name of the file was hashed, and rules need it' }]
}

const bounds = ['entries', 'depth', 'expanded', 'ratio'] as const satisfies readonly (keyof UnpackingCeilings)[]

function unpackingGaps(policy: Policy, { part, inspected }: FileFacts, { unpacking }: Reading): Gap[] {
  const archive = inspected?.archive ?? null
  if (archive === null) return []
  const asked = unpackingCeilings(policy)
  return bounds
    .filter((bound) => archive[bound] > unpacking[bound] && asked[bound] > unpacking[bound])
    .map((bound) => {
      const rule = `file.archive.${bound}` as const
      return { kind: 'unpacking', rule, part, detail: `unpacking ended at the limit of ${rule}` }
    })
}

const scanRules = [
  'scan.malware',
  'scan.unavailable',
  'scan.timeout',
  'scan.tooLarge',
  'scan.encrypted',
  'scan.partial',
  'scan.stale',
] as const satisfies readonly RuleId[]

function scanGaps(policy: Policy, { part, scans }: FileFacts): Gap[] {
  const { scanners } = policy.files
  if (scanRules.every((rule) => modeOf(policy, rule) !== 'enforce')) return []
  // A file on a list of good ones is let through whatever the others would have said.
  if (scans.some(({ scanner, result }) => result === 'allowed' && scanners.includes(scanner))) return []
  return unaskedOf(policy, scans).map((scanner) => {
    return { kind: 'notAsked', rule: 'scan.unavailable', part, detail: `the scanner ${scanner} was not asked` }
  })
}

/** The scanners of a policy that nobody asked about a file. */
export function unaskedOf({ files }: Policy, scans: FileFacts['scans']): string[] {
  return files.scanners.filter((name) => !scans.some(({ scanner }) => scanner === name))
}

/** A list of names says nothing of a stand-in where it has names that were hashed as well. */
function fieldGaps(policy: Policy, facts: UploadFacts, kept: readonly string[]): Gap[] {
  const hidden = facts.fields.find(({ name }) => isStandInForField(name))
  if (hidden === undefined || facts.channel !== 'multipart') return []
  const { allow, require } = policy.fields
  const gap = (rule: RuleId, part: number | null, names: readonly string[]): Gap[] => {
    if (modeOf(policy, rule) !== 'enforce' || names.every((name) => kept.includes(name))) return []
    return [{ kind: 'names', rule, part, detail: `names of fields were hashed, and ${rule} needs them` }]
  }
  return [
    ...(allow === null ? [] : gap('field.unknown', hidden.part, [...allow, ...require])),
    ...gap('field.missing', null, require),
  ]
}
