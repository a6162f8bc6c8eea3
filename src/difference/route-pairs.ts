import type { Route } from '../config/configuration.ts'
import { coversRoute } from '../config/covers-route.ts'
import { routeName } from '../config/route-name.ts'

/** Who took the same requests before and takes them now; null: no route. */
export interface RoutePair {
  readonly name: string
  readonly before: Route | null
  readonly after: Route | null
}

/**
 * Routes of both sides by name; of one that only one side has, method by method, with the route of the other side that
 * takes all its requests.
 */
export function routePairs(before: readonly Route[], after: readonly Route[]): RoutePair[] {
  const [old, current] = [byName(before), byName(after)]
  const kept = after.flatMap((route): RoutePair[] => {
    const same = old.get(routeName(route))
    return same === undefined ? [] : [{ name: routeName(route), before: same, after: route }]
  })
  const others = [...single(after, old), ...single(before, current)].map((route) => ({
    name: routeName(route),
    before: takerOf(route, before),
    after: takerOf(route, after),
  }))
  return [...new Map([...kept, ...others].map((pair) => [pair.name, pair])).values()]
}

function byName(routes: readonly Route[]): Map<string, Route> {
  return new Map(routes.map((route) => [routeName(route), route]))
}

/** Routes that the other side has not, each once for every method. */
function single(routes: readonly Route[], other: ReadonlyMap<string, Route>): Route[] {
  return routes
    .filter((route) => !other.has(routeName(route)))
    .flatMap((route) => route.methods?.map((method) => ({ ...route, methods: [method] })) ?? [route])
}

function takerOf(wanted: Route, routes: readonly Route[]): Route | null {
  return routes.find((route) => coversRoute(route, wanted)) ?? null
}
