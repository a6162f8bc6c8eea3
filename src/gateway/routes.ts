import type { Snapshot } from '../config/snapshot.ts'
import { compileRoutes, type RouteTable } from '../path/2-route/table.ts'

/** The routes of a configuration, with their policies looked up. */
export function routesOf({ configuration, policies }: Snapshot): RouteTable {
  return compileRoutes(
    configuration.routes.map((route) => ({
      ...route,
      policy: route.policy === null ? null : (policies.get(route.policy) ?? null),
    })),
  )
}
