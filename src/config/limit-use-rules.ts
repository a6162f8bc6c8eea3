import { compilePolicy } from './compile-policy.ts'
import type { LimitSettings } from './configuration.ts'
import type { Rule } from './conflict.ts'
import { oneOf } from './reference-rules.ts'
import { formatSize } from './units.ts'
import { listed } from './words.ts'

const measures = ['rate', 'bytes', 'files', 'concurrent'] as const

export const unknownLimits: Rule = ({ routes, limits }, written) =>
  routes.flatMap((route, index) =>
    (route.limits ?? []).flatMap((name, position) => {
      const path = ['routes', index, 'limits', position]
      return limits.has(name) ? [] : [{ path, expected: oneOf('a limit', [...limits.keys()], written(path) ?? '') }]
    }),
  )

export const oneMeasure: Rule = ({ limits }) =>
  readable(limits).flatMap(([name, limit]) => {
    const found = measures.filter((measure) => limit[measure] !== undefined)
    const path = ['limits', name]
    const expected = `one of ${listed(measures)}`
    if (found.length !== 1) return [{ path, found: found.join(' and ') || 'no measure', expected }]
    if (limit.burst === undefined || limit.rate !== undefined) return []
    const written = `a burst beside ${found.join('')}`
    return [{ path: [...path, 'burst'], found: written, expected: 'no burst, or rate in place of the other measure' }]
  })

export const claimsWithoutTokens: Rule = ({ limits, tokens }) =>
  tokens
    ? []
    : readable(limits).flatMap(([name, { key }]) =>
        key.kind === 'claim'
          ? [{ path: ['limits', name, 'key'], expected: 'client, header:NAME or route, or clients.tokens as well' }]
          : [],
      )

/** Only on a route with a policy are requests uploads, and their files known. */
export const uploadLimitsWithoutPolicy: Rule = ({ routes, limits }) =>
  routes.flatMap(({ policy, limits: named = [] }, index) =>
    policy !== null
      ? []
      : named.flatMap((name, position) => {
          const limit = limits.get(name)
          const uploadsOnly = limit?.concurrent !== undefined || limit?.files !== undefined
          const expected = 'a limit of rate or bytes: on a route without a policy, nothing is an upload'
          return uploadsOnly ? [{ path: ['routes', index, 'limits', position], expected }] : []
        }),
  )

/** An upload that the policy takes must be able to pass at some time. */
export const bytesBelowRequestSize: Rule = ({ routes, limits, policies }) =>
  routes.flatMap(({ policy, limits: named = [] }) => {
    const settings = policy === undefined || policy === null ? null : policies.get(policy)
    if (!settings || typeof policy !== 'string') return []
    const largest = compilePolicy(policy, settings).request.size
    return named.flatMap((name) => {
      const capacity = limits.get(name)?.bytes?.amount
      if (capacity === undefined || capacity >= largest) return []
      const expected = `at least ${formatSize(largest)} in a time, the request.size of policy ${policy}`
      return [{ path: ['limits', name, 'bytes'], expected }]
    })
  })

function readable(limits: ReadonlyMap<string, LimitSettings | null>): (readonly [string, LimitSettings])[] {
  return [...limits].flatMap(([name, limit]) => (limit === null ? [] : [[name, limit] as const]))
}
