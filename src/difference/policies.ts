import { formatPath } from '../config/fault.ts'
import { routeName } from '../config/route-name.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { modeOf, type Policy } from '../policy/policy.ts'
import { type RuleId, ruleIds } from '../problems/catalogue.ts'
import { compareKeys, type Owner } from './compare-keys.ts'
import type { Difference } from './difference.ts'
import { changesOf } from './direction.ts'
import { policyKeys } from './keys/policy.ts'
import { pathOf, withoutEffect } from './subject.ts'

const mostRoutesNamed = 3

/** Of the policies that both have, what they decide otherwise; packs are filled in. */
export function policyDifferences(before: Snapshot, after: Snapshot): Difference[] {
  return [...after.policies].flatMap(([name, policy]) => {
    const old = before.policies.get(name)
    if (old === undefined) return []
    const routes = routesWith(name, after).length > 0 ? routesWith(name, after) : routesWith(name, before)
    const differences = betweenPolicies(old, policy, { path: pathOf('policies', name), name: named(name, routes) })
    return routes.length > 0 ? differences : withoutEffect(differences, 'no route names it')
  })
}

/** What one policy decides otherwise than another. */
export function betweenPolicies(before: Policy, after: Policy, owner: Owner): Difference[] {
  const [old, current] = alike(before, after)
  return [...compareKeys(policyKeys, old, current, owner), ...modeDifferences(before, after, owner)]
}

function routesWith(policy: string, { configuration }: Snapshot): string[] {
  return configuration.routes.filter((route) => route.policy === policy).map(routeName)
}

function named(policy: string, routes: readonly string[]): string {
  if (routes.length === 0) return `policy ${policy}`
  if (routes.length === 1) return routes.join('')
  const more = routes.length > mostRoutesNamed ? ` and ${routes.length - mostRoutesNamed} more` : ''
  return `policy ${policy} (${routes.slice(0, mostRoutesNamed).join(', ')}${more})`
}

/** Types of members that follow files.types on both sides are no difference of their own; on one side, they are what they follow. */
function alike(before: Policy, after: Policy): readonly [Policy, Policy] {
  const follows = (policy: Policy) => policy.files.archive.types === null
  return follows(before) && follows(after) ? [before, after] : [settled(before), settled(after)]
}

function settled(policy: Policy): Policy {
  const { archive, types } = policy.files
  return { ...policy, files: { ...policy.files, archive: { ...archive, types: archive.types ?? types } } }
}

const scale = { kind: 'scale', places: [['enforce'], ['report'], ['off']] } as const

/** Rules whose mode changes otherwise than that of their policy. */
function modeDifferences(before: Policy, after: Policy, { path, name }: Owner): Difference[] {
  return overridden(before, after).flatMap((rule) => {
    const [old, current] = [modeOf(before, rule), modeOf(after, rule)]
    if (old === current || (old === before.mode && current === after.mode)) return []
    return changesOf(scale, old, current).map(({ effect }) => ({
      effect,
      path: `${path}${formatPath(['modes', rule])}`,
      before: old,
      after: current,
      words: `${name ?? path} has rule ${rule} in mode ${current}, before ${old}`,
    }))
  })
}

function overridden(...policies: readonly Policy[]): RuleId[] {
  const rules = new Set(policies.flatMap(({ modes }) => Object.keys(modes)))
  return ruleIds.filter((rule) => rules.has(rule))
}
