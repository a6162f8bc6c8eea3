import { hash } from 'node:crypto'
import type { Configuration, LimitSettings } from '../config/configuration.ts'

export type Measure = 'rate' | 'bytes' | 'files' | 'concurrent'

/** A limit as it is counted and told. */
export interface Limit {
  readonly name: string
  readonly mode: 'enforce' | 'report'
  readonly measure: Measure
  readonly key: LimitSettings['key']
  readonly absent: LimitSettings['absent']
  /** Begins the keys of the store. Another limit under the same name begins anew. */
  readonly id: string
  /** Units at most at once; places for `concurrent`. */
  readonly capacity: number
  /** Milliseconds in which one unit comes back; 0 for `concurrent`. */
  readonly interval: number
  /** As written: so much in so many milliseconds. Null for `concurrent`. */
  readonly perTime: { readonly amount: number; readonly period: number } | null
}

export interface RouteLimits {
  readonly limits: readonly Limit[]
  /** Tells the routes of a configuration apart, however they are ordered. */
  readonly route: string
}

/** For each route, in their order: its limits, or null where none counts anything there. */
export function compileLimits({ limits, routes }: Pick<Configuration, 'limits' | 'routes'>): (RouteLimits | null)[] {
  const compiled = new Map(Object.entries(limits).map(([name, settings]) => [name, compileLimit(name, settings)]))
  return routes.map(({ host, path, methods, limits: names }) => {
    const here = names.map((name) => compiled.get(name)).filter((limit) => limit !== undefined && limit !== null)
    return here.length === 0 ? null : { limits: here, route: JSON.stringify([host, path, methods]) }
  })
}

function compileLimit(name: string, settings: LimitSettings): Limit | null {
  const { key, absent, mode, rate, bytes, files, concurrent, burst } = settings
  if (mode === 'off') return null
  const perTime = rate ?? bytes ?? files ?? null
  const measure = rate ? 'rate' : bytes ? 'bytes' : files ? 'files' : 'concurrent'
  const capacity = burst ?? perTime?.amount ?? concurrent ?? 1
  const interval = perTime === null ? 0 : perTime.period / perTime.amount
  const digest = hash('sha256', JSON.stringify([measure, capacity, interval, key]), 'hex').slice(0, 12)
  return { name, mode, measure, key, absent, id: `${name}:${digest}`, capacity, interval, perTime }
}
