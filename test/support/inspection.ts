import { memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import type { ExpansionBounds } from '../../src/path/5-inspection/expansion.ts'
import { inspect } from '../../src/path/5-inspection/inspect.ts'
import type { ContentFacts, Inspected } from '../../src/path/types.ts'
import { placesOf } from '../../src/policy/places.ts'

/** The bounds of the built-in packs, and 64 MiB of memory. */
export const bounds: ExpansionBounds = {
  entries: 1000,
  depth: 3,
  expanded: 200 * 2 ** 20,
  ratio: 100,
  memory: 64 * 2 ** 20,
}

/** What inspection finds in these bytes, in this thread and with all inspectors. */
export function inspectBytes(bytes: Buffer, name = 'file', limits: Partial<ExpansionBounds> = {}): Promise<Inspected> {
  return inspect(memoryBytes(bytes), name, { ...bounds, ...limits })
}

/** Ids of what was observed in the file itself and in its members, sorted, each once; `unscanned:REASON` for gaps. */
export function observed(inspected: Inspected): string[] {
  return [...new Set(placesOf(inspected).flatMap(({ content }) => idsOf(content)))].sort()
}

function idsOf({ observations, uncovered }: ContentFacts): string[] {
  return [...observations.map(({ rule }) => rule), ...uncovered.map(({ reason }) => `unscanned:${reason}`)]
}
