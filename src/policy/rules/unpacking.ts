import type { ArchiveFacts, Inspected } from '../../path/types.ts'
import { type LimitRule, limits } from '../limits.ts'
import type { Policy } from '../policy.ts'
import { counted, sizeInWords } from '../words.ts'
import { type At, type Breach, breach } from './breach.ts'

interface Measure {
  readonly rule: Extract<LimitRule, `file.archive.${string}`>
  readonly of: (archive: ArchiveFacts) => number
  readonly failed: (most: number) => string
  readonly expected: (most: number) => string
}

const measures: readonly Measure[] = [
  {
    rule: 'file.archive.entries',
    of: ({ entries }) => entries,
    failed: (most) => `it has more than ${counted(most, 'member')}`,
    expected: (most) => `at most ${counted(most, 'member')}`,
  },
  {
    rule: 'file.archive.depth',
    of: ({ depth }) => depth,
    failed: (most) => `archives are nested more than ${counted(most, 'level')} deep`,
    expected: (most) => `at most ${counted(most, 'level')}`,
  },
  {
    rule: 'file.archive.expanded',
    of: ({ expanded }) => expanded,
    failed: (most) => `it unpacks to more than ${sizeInWords(most)}`,
    expected: (most) => `at most ${sizeInWords(most)} unpacked`,
  },
  {
    rule: 'file.archive.ratio',
    of: ({ ratio }) => ratio,
    failed: (most) => `it unpacks to more than ${most} times its size`,
    expected: (most) => `at most ${most} times its size`,
  },
]

/** Rules about how much there is in an archive, and how tightly. */
export function unpackingBreaches(policy: Policy, at: At, { archive }: Inspected): Breach[] {
  if (archive === null) return []
  return measures.flatMap(({ rule, of, failed, expected }) => {
    const most = limits[rule](policy)
    return of(archive) > most ? [breach(rule, { ...at, failed: failed(most), expected: expected(most) })] : []
  })
}
