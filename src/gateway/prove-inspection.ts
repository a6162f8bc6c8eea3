import type { Snapshot } from '../config/snapshot.ts'
import type { Inspection } from '../path/5-inspection/isolation/inspection.ts'
import { isSharpInstalled } from '../path/5-inspection/rewriting/sharp-library.ts'
import { unpackingMost } from '../policy/ceilings.ts'

/** Milliseconds for the first thread of inspection to be there. */
const longestStart = 30_000

/** Finds out before the first upload that threads start, and that what the policies ask for is installed. */
export async function proveInspection(inspection: Inspection, policies: Snapshot['policies']): Promise<void> {
  const nothing = { size: 0, read: () => Promise.resolve(Buffer.alloc(0)) }
  const found = await inspection.inspect(nothing, '', unpackingMost, AbortSignal.timeout(longestStart))
  if ('failed' in found || found.content.uncovered.length > 0)
    throw new Error('threads for inspection cannot be started')
  const reencoding = [...policies.values()].find(({ files }) => files.image.metadata === 'reencode')
  if (reencoding === undefined || isSharpInstalled()) return
  throw new Error(
    `policy ${reencoding.name} has image.metadata: reencode, which needs the package sharp: npm install sharp`,
  )
}
