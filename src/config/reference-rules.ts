import type { Rule } from './conflict.ts'
import { coversRoute } from './covers-route.ts'
import { didYouMean } from './suggest.ts'
import { name } from './words.ts'

const mostNamesListed = 14

/** Names that are faulty themselves are left out: they may be any text. */
export function oneOf(what: string, written: readonly string[], wrong: string): string {
  const names = written.filter((each) => name.safeParse(each).success)
  if (names.length === 0) return `the name of ${what} (there is none)`
  const listed = names.length > mostNamesListed ? [...names.slice(0, mostNamesListed), '…'] : names
  return `the name of ${what}: ${listed.join(', ')}${names.length > 1 ? didYouMean(wrong, names) : ''}`
}

export const unknownUpstreams: Rule = ({ routes, upstreams }, written) =>
  routes.flatMap(({ upstream }, index) => {
    const path = ['routes', index, 'upstream']
    if (upstream === undefined || upstreams.includes(upstream)) return []
    return [{ path, expected: oneOf('an upstream', upstreams, written(path) ?? '') }]
  })

export const unknownPolicies: Rule = ({ routes, policies }, written) =>
  routes.flatMap(({ policy }, index) => {
    const path = ['routes', index, 'policy']
    if (policy === undefined || policy === null || policies.has(policy)) return []
    return [{ path, expected: oneOf('a policy', [...policies.keys()], written(path) ?? '') }]
  })

export const unfitCandidates: Rule = ({ policies }, written) =>
  [...policies].flatMap(([name, policy]) => {
    const candidate = policy?.candidate ?? null
    const path = ['policies', name, 'candidate']
    const others = [...policies.keys()].filter((other) => other !== name)
    if (candidate === null || others.includes(candidate)) return []
    return [{ path, expected: oneOf('another policy', others, written(path) ?? '') }]
  })

export const unknownScanners: Rule = ({ policies, scanners }, written) =>
  [...policies].flatMap(([name, policy]) =>
    (policy?.files.scanners ?? []).flatMap((scanner, index) => {
      const path = ['policies', name, 'files', 'scanners', index]
      if (scanners.includes(scanner)) return []
      return [{ path, expected: oneOf('a scanner', scanners, written(path) ?? '') }]
    }),
  )

/** With a policy, uploads are inspected: passing them as well would be read either way. */
export const uploadsPassWithPolicy: Rule = ({ routes }) =>
  routes.flatMap(({ policy, uploads }, index) =>
    policy === undefined || policy === null || uploads !== 'pass'
      ? []
      : [
          {
            path: ['routes', index, 'uploads'],
            expected: 'no uploads on a route with a policy: pass means no inspection',
          },
        ],
  )

/** A route that an earlier one always wins over never takes effect, and with it perhaps a policy. */
export const unreachableRoutes: Rule = ({ routes }, written) =>
  routes.flatMap((route, index) => {
    const earlier = routes.slice(0, index).findIndex((candidate) => coversRoute(candidate, route))
    if (earlier === -1) return []
    const pattern = written(['routes', earlier, 'path']) ?? ''
    const found = `a route that routes[${earlier}] (${pattern}) always wins over`
    return [{ path: ['routes', index], found, expected: `it before routes[${earlier}], or not at all` }]
  })
