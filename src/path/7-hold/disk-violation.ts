import { type Violation, violation } from '../../problems/violation.ts'

/** No space, no quota, or a file larger than the process or the file system may have. */
const isFull = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** The problem behind a failed call on the spool's disk. */
export function diskViolation(error: unknown): Violation {
  return isFull.has((error as NodeJS.ErrnoException).code ?? '')
    ? violation('hold.disk.full')
    : violation('hold.disk.failed')
}
