import { type Violation, violation } from '../../problems/violation.ts'
import { hostnameOf } from './host.ts'
import { splitPath } from './pattern.ts'
import { acceptsMethod, type Route, type RouteTable, routesAt } from './table.ts'
import { normaliseTarget } from './target.ts'

/** Methods that uploads have, the usual ones first. */
const usual = ['POST', 'PUT', 'PATCH']

/** A route with a policy. */
export type UploadRoute = Route & { readonly policy: NonNullable<Route['policy']> }

/** Where an upload to this decoded path would go, by this method or a usual one; a violation where no policy would decide on it. */
export function uploadRouteAt(
  table: RouteTable,
  { host, path, method }: { readonly host: string; readonly path: string; readonly method: string | null },
): UploadRoute | Violation {
  const target = normaliseTarget(path.split('/').map(encodeURIComponent).join('/'))
  if ('failed' in target) return target
  const routes = [...routesAt(table, hostnameOf(host), splitPath(target.path))]
  for (const candidate of method === null ? usual : [method]) {
    const route = routes.find((one) => acceptsMethod(one, candidate))
    if (route !== undefined && hasPolicy(route)) return route
  }
  return violation('route.policy.none')
}

function hasPolicy(route: Route): route is UploadRoute {
  return route.policy !== null
}
