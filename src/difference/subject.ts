import { formatPath } from '../config/fault.ts'
import type { Difference } from './difference.ts'

/** `policies.claim-files.`: what the keys of something with a name begin with. */
export function pathOf(section: string, name: string): string {
  return `${formatPath([section, name])}.`
}

/** What nothing names has no effect, whatever is written in it. */
export function withoutEffect(differences: readonly Difference[], reason: string): Difference[] {
  return differences.map((difference) => ({
    ...difference,
    effect: 'changed',
    words: `${difference.words} (${reason})`,
  }))
}
