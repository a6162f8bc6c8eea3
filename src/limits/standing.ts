import type { Limit } from './compile.ts'
import type { Counting } from './counting.ts'
import { seconds } from './fields.ts'
import type { Ask, Stand } from './store.ts'

/** What is left of one limit for whoever asks. */
export interface Standing {
  readonly name: string
  readonly unit: 'requests' | 'bytes' | 'files' | 'concurrent'
  /** What it counts by, as the configuration has it. */
  readonly key: string
  /** Whether a request without that is refused. */
  readonly required: boolean
  readonly quota: number
  /** Seconds in which all of it comes back; null for what is given back when done. */
  readonly window: number | null
  /** Null where the question does not say by what it would be counted, or nobody can be asked. */
  readonly remaining: number | null
  /** Seconds until all of it is there again; null where nobody knows. */
  readonly reset: number | null
}

/** Looks at the limits that are enforced without taking anything. */
export async function standingOf(
  counting: Counting,
  limits: readonly Limit[],
  keys: readonly (string | null)[],
): Promise<readonly Standing[]> {
  const enforced = limits.flatMap((limit, index) =>
    limit.mode === 'enforce' ? [{ limit, key: keys[index] ?? null }] : [],
  )
  const asks = enforced.flatMap(({ limit, key }) => (key === null ? [] : [lookAt(limit, key)]))
  const stands = asks.length === 0 ? [] : ((await counting.take(asks))?.stands ?? [])
  const left = [...stands]
  return enforced.map(({ limit, key }) => describe(limit, key === null ? null : (left.shift() ?? null)))
}

function describe({ name, measure, key, absent, capacity, interval }: Limit, stand: Stand | null): Standing {
  const reset = stand?.reset ?? null
  return {
    name,
    unit: measure === 'rate' ? 'requests' : measure,
    key: 'name' in key ? `${key.kind}:${key.name}` : key.kind,
    required: 'name' in key && absent === 'refuse',
    quota: capacity,
    window: measure === 'concurrent' ? null : Math.max(1, seconds(capacity * interval)),
    remaining: stand?.remaining ?? null,
    reset: reset === null ? null : seconds(reset),
  }
}

function lookAt({ measure, capacity, interval }: Limit, key: string): Ask {
  if (measure === 'concurrent') return { kind: 'lease', key, most: capacity, id: null, enforce: false }
  return { kind: 'bucket', key, capacity, interval, cost: 0, enforce: false }
}
