import type { Route } from '../config/configuration.ts'
import { formatPath } from '../config/fault.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { compareKeys, type Owner } from './compare-keys.ts'
import type { Difference, Effect } from './difference.ts'
import { routeKeys } from './keys/routing.ts'
import { betweenPolicies } from './policies.ts'
import { type RoutePair, routePairs } from './route-pairs.ts'

/** What becomes of requests that another route takes now, or that the same route treats otherwise. */
export function routeDifferences(before: Snapshot, after: Snapshot): Difference[] {
  return routePairs(before.configuration.routes, after.configuration.routes).flatMap((pair) => {
    const owner = { path: `${formatPath(['routes', pair.name])}.`, name: pair.name }
    return [
      ...presence(pair, owner),
      ...uploads(pair, owner),
      ...policyMoves(pair, before, after, owner),
      ...compareKeys(routeKeys, pair.before, pair.after, owner),
    ]
  })
}

function presence({ name, before, after }: RoutePair, { path }: Owner): Difference[] {
  const at = path.slice(0, -1)
  if (before === null && after !== null) {
    const words = `${name} goes to upstream ${after.upstream}, before no route took it`
    return [{ effect: 'loosened', path: at, before: null, after: after.upstream, words }]
  }
  if (before === null || after !== null) return []
  const words = `${name} is taken by no route, before it went to upstream ${before.upstream}`
  return [{ effect: 'tightened', path: at, before: before.upstream, after: null, words }]
}

type Treatment = 'none' | 'refuse' | 'policy' | 'pass'

function treatmentOf(route: Route | null): Treatment {
  if (route === null) return 'none'
  if (route.policy !== null) return 'policy'
  return route.uploads === 'pass' ? 'pass' : 'refuse'
}

interface Turn {
  readonly effect: Effect
  readonly says: string
}

/** By treatment before, and then after. A body that is no multipart is relayed by a route without a policy. */
const turns: Readonly<Record<Treatment, Readonly<Record<Treatment, Turn | null>>>> = {
  none: {
    none: null,
    refuse: null,
    policy: { effect: 'loosened', says: 'takes uploads under policy %after' },
    pass: { effect: 'loosened', says: 'passes uploads uninspected' },
  },
  refuse: {
    none: null,
    refuse: null,
    policy: { effect: 'loosened', says: 'takes uploads under policy %after, before it refused them' },
    pass: { effect: 'loosened', says: 'passes uploads uninspected, before it refused them' },
  },
  policy: {
    none: null,
    refuse: {
      effect: 'loosened',
      says: 'has no policy, before %before: multipart uploads are refused, every other body passes uninspected',
    },
    policy: { effect: 'moved', says: 'is decided by policy %after, before by %before' },
    pass: { effect: 'loosened', says: 'passes uploads uninspected, before policy %before decided' },
  },
  pass: {
    none: null,
    refuse: { effect: 'tightened', says: 'refuses uploads, before it passed them uninspected' },
    policy: { effect: 'tightened', says: 'takes uploads under policy %after, before it passed them uninspected' },
    pass: null,
  },
}

function uploads({ name, before, after }: RoutePair, { path }: Owner): Difference[] {
  const turn = turns[treatmentOf(before)][treatmentOf(after)]
  const [old, current] = [before?.policy ?? null, after?.policy ?? null]
  if (turn === null || (old !== null && old === current)) return []
  const words = turn.says.replace('%after', current ?? '').replace('%before', old ?? '')
  const key = old === null && current === null ? 'uploads' : 'policy'
  const [from, to] = key === 'policy' ? [old, current] : [before?.uploads ?? null, after?.uploads ?? null]
  return [{ effect: turn.effect, path: path + key, before: from, after: to, words: `${name} ${words}` }]
}

/** A route that moves to another policy is told what that decides otherwise. */
function policyMoves({ before, after }: RoutePair, old: Snapshot, current: Snapshot, owner: Owner): Difference[] {
  if (before === null || after === null || before.policy === after.policy) return []
  const from = old.policies.get(before.policy ?? '')
  const to = current.policies.get(after.policy ?? '')
  return from === undefined || to === undefined
    ? []
    : betweenPolicies(from, to, { ...owner, path: `${owner.path}policy.` })
}
