import type { Inspected } from '../../path/types.ts'
import { limits } from '../limits.ts'
import type { Policy } from '../policy.ts'
import { counted, sizeInWords } from '../words.ts'
import { type At, type Breach, breach } from './breach.ts'

/** Rules about how much there is in an archive, and how tightly. */
export function unpackingBreaches(policy: Policy, at: At, { archive }: Inspected): Breach[] {
  if (archive === null) return []
  const found: Breach[] = []
  const entries = limits['file.archive.entries'](policy)
  if (archive.entries > entries) {
    const failed = `it has more than ${counted(entries, 'member')}`
    found.push(breach('file.archive.entries', { ...at, failed, expected: `at most ${counted(entries, 'member')}` }))
  }
  const depth = limits['file.archive.depth'](policy)
  if (archive.depth > depth) {
    const failed = `archives are nested more than ${counted(depth, 'level')} deep`
    found.push(breach('file.archive.depth', { ...at, failed, expected: `at most ${counted(depth, 'level')}` }))
  }
  const expanded = limits['file.archive.expanded'](policy)
  if (archive.expanded > expanded) {
    const failed = `it unpacks to more than ${sizeInWords(expanded)}`
    found.push(
      breach('file.archive.expanded', { ...at, failed, expected: `at most ${sizeInWords(expanded)} unpacked` }),
    )
  }
  const ratio = limits['file.archive.ratio'](policy)
  if (archive.ratio > ratio) {
    const failed = `it unpacks to more than ${ratio} times its size`
    found.push(breach('file.archive.ratio', { ...at, failed, expected: `at most ${ratio} times its size` }))
  }
  return found
}
