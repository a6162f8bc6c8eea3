import type { Limit } from './compile.ts'
import type { Counting } from './counting.ts'
import { seconds } from './fields.ts'
import type { Ask } from './store.ts'

/** What is left of one limit for whoever asks. */
export interface Standing {
  readonly name: string
  readonly unit: 'requests' | 'bytes' | 'files' | 'concurrent'
  readonly quota: number
  /** Seconds in which all of it comes back; null for what is given back when done. */
  readonly window: number | null
  readonly remaining: number
  /** Seconds until all of it is there again; null where nobody knows. */
  readonly reset: number | null
}

/** Looks at limits without taking anything; what has no key, or nobody can be asked about, is left out. */
export async function standingOf(
  counting: Counting,
  limits: readonly Limit[],
  keys: readonly (string | null)[],
): Promise<readonly Standing[]> {
  const looked = limits.flatMap((limit, index) => {
    const key = keys[index] ?? null
    return key === null || limit.mode !== 'enforce' ? [] : [{ limit, ask: lookAt(limit, key) }]
  })
  if (looked.length === 0) return []
  const stands = (await counting.take(looked.map(({ ask }) => ask)))?.stands ?? []
  return looked.flatMap(({ limit: { name, measure, capacity, interval } }, index) => {
    const stand = stands[index]
    if (stand === undefined) return []
    const { remaining, reset } = stand
    return [
      {
        name,
        unit: measure === 'rate' ? 'requests' : measure,
        quota: capacity,
        window: measure === 'concurrent' ? null : Math.max(1, seconds(capacity * interval)),
        remaining,
        reset: reset === null ? null : seconds(reset),
      },
    ]
  })
}

function lookAt({ measure, capacity, interval }: Limit, key: string): Ask {
  if (measure === 'concurrent') return { kind: 'lease', key, most: capacity, id: null, enforce: false }
  return { kind: 'bucket', key, capacity, interval, cost: 0, enforce: false }
}
