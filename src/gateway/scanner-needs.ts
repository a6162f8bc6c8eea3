import type { Snapshot } from '../config/snapshot.ts'
import type { ScannerNeed } from '../path/5-inspection/scanners/settings.ts'
import { ceilings, unpackingCeilings } from '../policy/ceilings.ts'

/** What policies let through to each scanner, and so what its probe has to show that it can look into. */
export function scannerNeeds(policies: Snapshot['policies']): ReadonlyMap<string, ScannerNeed> {
  const needs = new Map<string, ScannerNeed>()
  for (const policy of policies.values()) {
    const { fileSize, requestSize } = ceilings(policy)
    const size = Math.min(fileSize, requestSize, policy.request.size)
    const depth = Math.min(unpackingCeilings(policy).depth, policy.files.archive.depth)
    for (const name of policy.files.scanners) {
      const known = needs.get(name) ?? { size: 0, depth: 0 }
      needs.set(name, { size: Math.max(size, known.size), depth: Math.max(depth, known.depth) })
    }
  }
  return needs
}
