import { modeOf, type Policy } from '../../policy/policy.ts'

/** Bytes of delimiters and part headers that a form without a file may have at most beside its fields. */
const framing = 64 * 1024

/**
 * The scanners without which an upload is certain to be refused: its policy refuses what they cannot look at, and so
 * large a body has a file in it. `size` as announced; null where it is not.
 */
export function neededScanners(policy: Policy, channel: 'multipart' | 'raw', size: number | null): readonly string[] {
  const { files, fields, onRefused } = policy
  const refuses = onRefused === 'refuse' && files.onUnscanned.unavailable === 'refuse'
  if (!refuses || modeOf(policy, 'scan.unavailable') !== 'enforce') return []
  const hasFile = size !== null && size > (channel === 'raw' ? 0 : fields.total + framing)
  return hasFile ? files.scanners : []
}
