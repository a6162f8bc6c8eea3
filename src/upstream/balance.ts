import type { Endpoint } from './endpoint.ts'

/**
 * All backends in the order in which the next request should try them: those that are up before the others, the least
 * loaded first. `turn` decides between equals.
 */
export function balance(endpoints: readonly Endpoint[], turn: number, now: number): readonly Endpoint[] {
  const ranked = endpoints.map((_, index) => {
    const endpoint = endpoints[(index + turn) % endpoints.length] as Endpoint
    return { endpoint, rank: endpoint.rankAt(now) }
  })
  // The sort is stable.
  ranked.sort((a, b) => a.rank - b.rank || a.endpoint.inFlight - b.endpoint.inFlight)
  return ranked.map(({ endpoint }) => endpoint)
}
