import { catalogue } from '../metrics/catalogue.ts'
import { type Counters, selected, sumOf } from './counters.ts'
import type { Numbers } from './record.ts'

/** A record has room for so many of each. */
const mostListed = 15

const { requests, problems } = catalogue

/** What a record tells of what was counted in so many milliseconds. */
export function numbersOf(counted: Counters, milliseconds: number): Numbers {
  const total = sumOf(counted, requests.name, {})
  const share = (outcome: string): number | null =>
    total === 0 ? null : rounded(sumOf(counted, requests.name, { outcome }) / total)
  return {
    seconds: Math.round(milliseconds / 1000),
    requests: total,
    refused: share('refused'),
    failed: share('failed'),
    routes: routesIn(counted),
    problems: Object.fromEntries(largest(sumsBy(selected(counted, problems.name, {}), 'id'))),
  }
}

function routesIn(counted: Counters): Numbers['routes'] {
  const ofRequests = selected(counted, requests.name, {})
  return largest(sumsBy(ofRequests, 'route')).map(([route]) => {
    const outcomes = sumsBy(selected(ofRequests, requests.name, { route }), 'outcome')
    return { route, outcomes: Object.fromEntries(outcomes) }
  })
}

/** Without those of which there were none. */
function sumsBy(counted: Counters, label: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { labels, value } of counted) {
    const key = labels[label]
    if (key !== undefined && value > 0) sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}

function largest(sums: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...sums].toSorted(([, one], [, other]) => other - one).slice(0, mostListed)
}

function rounded(share: number): number {
  return Number(share.toFixed(6))
}
