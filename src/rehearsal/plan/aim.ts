import { splitPath } from '../../path/2-route/pattern.ts'
import { acceptsMethod, type Route, type RouteTable } from '../../path/2-route/table.ts'
import { uploadRouteAt } from '../../path/2-route/upload-route.ts'

/** Where uploads come under a policy. */
export interface Aim {
  readonly method: string
  /** Null: any host will do. */
  readonly host: string | null
  /** As it is sent. Of a raw upload, which its path names, the name ends it where the pattern has room for it. */
  readonly path: (fileName: string | null) => string
}

/** What stands for a segment that may be anything. */
const stand = 'rehearsal'
const methods = ['POST', 'PUT', 'PATCH']

/** The first route that leads to the policy and is not shadowed by another; null where none does. */
export function aimAt(table: RouteTable, policy: string): Aim | null {
  for (const route of table.uploads) {
    if (route.policy?.name !== policy) continue
    const method = methods.find((one) => acceptsMethod(route, one))
    const aim = method === undefined ? null : aimOf(route, method)
    if (aim !== null && leadsTo(table, aim, policy)) return aim
  }
  return null
}

function aimOf({ path: pattern, host }: Route, method: string): Aim {
  const segments = pattern.rest ? [...pattern.segments, null] : pattern.segments
  return {
    method,
    host: host === null ? null : (host.exact ?? `${stand}${host.suffix}`),
    path(fileName) {
      const last = segments.length - 1
      const written = segments.map((segment, index) => segment ?? (index === last ? (fileName ?? stand) : stand))
      return `/${written.map(encodeURIComponent).join('/')}`
    },
  }
}

function leadsTo(table: RouteTable, { method, host, path }: Aim, policy: string): boolean {
  const decoded = splitPath(path(null)).map(decodeURIComponent).join('/')
  const route = uploadRouteAt(table, { host: host ?? '127.0.0.1', path: `/${decoded}`, method })
  return !('failed' in route) && route.policy.name === policy
}
