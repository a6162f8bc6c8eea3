import type { ExpansionBounds } from '../../src/path/5-inspection/expansion.ts'

/** Smaller than those of the packs, so that what grows meets them soon. */
export const bounds: ExpansionBounds = { entries: 200, depth: 3, expanded: 2 ** 23, ratio: 100, memory: 2 ** 23 }
