import type { Route } from '../config/configuration.ts'
import { overlap } from '../config/path-pattern.ts'
import { routeName } from '../config/route-name.ts'
import type { Difference } from './difference.ts'

/** Routes that take some of the same requests and changed places: the first one wins. */
export function orderDifferences(before: readonly Route[], after: readonly Route[]): Difference[] {
  const places = new Map(after.map((route, index) => [routeName(route), index]))
  const kept = before.filter((route) => places.has(routeName(route)))
  const order = kept.map((route) => places.get(routeName(route)) ?? 0)
  if (order.every((place, index) => index === 0 || place > (order[index - 1] ?? 0))) return []
  return kept.flatMap((route, index) =>
    kept.slice(index + 1).flatMap((later, offset): Difference[] => {
      const isTurned = (order[index] ?? 0) > (order[index + 1 + offset] ?? 0)
      if (!isTurned || !meet(route, later)) return []
      const [first, second] = [routeName(route), routeName(later)]
      const words = `${second} is asked before ${first}, and takes what both match`
      return [{ effect: 'moved', path: 'routes', before: first, after: second, words }]
    }),
  )
}

function meet(one: Route, other: Route): boolean {
  return overlap(one.path, other.path) && hostsMeet(one.host, other.host) && methodsMeet(one.methods, other.methods)
}

function hostsMeet(one: Route['host'], other: Route['host']): boolean {
  if (one === null || other === null || one === other) return true
  return isBelow(one, other) || isBelow(other, one)
}

function isBelow(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1))
}

function methodsMeet(one: Route['methods'], other: Route['methods']): boolean {
  return one === null || other === null || one.some((method) => other.includes(method))
}
