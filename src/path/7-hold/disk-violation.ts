import { type Violation, violation } from '../../problems/violation.ts'

/** The problem behind a failed call on the spool's disk. */
export function diskViolation(error: unknown): Violation {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT' ? violation('hold.disk.full') : violation('hold.disk.failed')
}
