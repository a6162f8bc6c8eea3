import { type Violation, violation } from '../../problems/violation.ts'

/** No space, no quota, or a file larger than the process or the file system may have. */
const isFull = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** The process, or the system, may have no more files open. */
const isOutOfFiles = new Set(['EMFILE', 'ENFILE'])

/** The problem behind a failed call on the spool's disk. */
export function diskViolation(error: unknown): Violation {
  const { code = '' } = error as NodeJS.ErrnoException
  if (isOutOfFiles.has(code)) return violation('admission.files')
  return isFull.has(code) ? violation('hold.disk.full') : violation('hold.disk.failed')
}
