import type { Policy } from '../../../policy/policy.ts'
import { policiesInUse } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

type Note = 'owner' | 'expected' | 'rollback'

/** What the people on call need at night, and the writer of the policy knows best. */
export const accountability: readonly LintRule[] = [
  unsaid('owner', 'owner', {
    title: 'A policy without an owner',
    why: 'a refused client and whoever is on call have nobody to ask whether a refusal is meant',
    fix: 'set owner to an address that is read',
  }),
  unsaid('expected', 'expected result', {
    title: 'A policy without an expected result',
    why: 'nobody can tell from its effect whether the policy works or harms',
    fix: 'say in expected, in a sentence, what reaches the service and what does not',
  }),
  unsaid('rollback', 'rollback note', {
    title: 'A policy without a rollback note',
    why: 'whoever has to undo the policy in a hurry has to find out how',
    fix: 'say in rollback what to do where the policy harms',
  }),
]

function unsaid(key: Note, what: string, words: Pick<LintRule, 'title' | 'why' | 'fix'>): LintRule {
  return {
    id: `lint.policy.${key}`,
    level: 'warning',
    ...words,
    find: (snapshot) =>
      policiesInUse(snapshot)
        .filter((policy) => policy.mode !== 'off' && policy[key] === null)
        .map(({ name }: Policy) => ({ path: ['policies', name], of: name, found: `policy ${name} has no ${what}` })),
  }
}
