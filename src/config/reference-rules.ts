import type { Route } from './configuration.ts'
import type { Rule } from './conflict.ts'
import { covers } from './path-pattern.ts'
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
    const earlier = routes.slice(0, index).findIndex((candidate) => shadows(candidate, route))
    if (earlier === -1) return []
    const pattern = written(['routes', earlier, 'path']) ?? ''
    const found = `a route that routes[${earlier}] (${pattern}) always wins over`
    return [{ path: ['routes', index], found, expected: `it before routes[${earlier}], or not at all` }]
  })

function shadows(general: Partial<Route>, special: Partial<Route>): boolean {
  if (general.path === undefined || special.path === undefined) return false
  return (
    coversHost(general.host, special.host) &&
    coversMethods(general.methods, special.methods) &&
    covers(general.path, special.path)
  )
}

function coversHost(general: Route['host'] | undefined, special: Route['host'] | undefined): boolean {
  if (general === undefined || special === undefined) return false
  if (general === null || general === special) return true
  return special !== null && general.startsWith('*.') && special.endsWith(general.slice(1))
}

function coversMethods(general: Route['methods'] | undefined, special: Route['methods'] | undefined): boolean {
  if (general === undefined || special === undefined) return false
  if (general === null) return true
  const taken = general.includes('GET') ? [...general, 'HEAD'] : general
  return special !== null && special.every((method) => taken.includes(method))
}
