import type { Route } from './configuration.ts'
import { covers } from './path-pattern.ts'

/** Whether the first route takes every request that the second one takes. What is not known of a route covers nothing. */
export function coversRoute(general: Partial<Route>, special: Partial<Route>): boolean {
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
