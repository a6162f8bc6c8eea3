import type { Policy } from '../../policy/policy.ts'
import type { Route } from '../configuration.ts'
import type { Snapshot } from '../snapshot.ts'

/** A policy where a route applies it. */
export interface Use {
  readonly policy: Policy
  readonly route: Route
  readonly index: number
}

export function usesOf({ configuration, policies }: Snapshot): Use[] {
  return configuration.routes.flatMap((route, index) => {
    const policy = route.policy === null ? undefined : policies.get(route.policy)
    return policy === undefined ? [] : [{ policy, route, index }]
  })
}

/** The policies that some route applies, each once; of the others no warning is worth more than that they are unused. */
export function policiesInUse(snapshot: Snapshot): Policy[] {
  return [...new Set(usesOf(snapshot).map(({ policy }) => policy))]
}

export function enforcedPolicies(snapshot: Snapshot): Policy[] {
  return policiesInUse(snapshot).filter(({ mode }) => mode === 'enforce')
}
