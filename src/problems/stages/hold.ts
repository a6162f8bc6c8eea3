import { stage } from '../kind.ts'

export const hold = {
  ...stage(
    'admission',
    {
      'admission.spool': [
        507,
        'There is no room to hold the upload',
        'hold.spool.size has not enough left for this upload',
        'the same upload, later',
      ],
      'admission.inspection': [
        503,
        'Too many files wait to be inspected',
        'no thread for inspection became free within inspection.wait',
        'the same upload, later',
      ],
    },
    'later',
    'warn',
  ),
  ...stage(
    'hold',
    {
      'hold.disk.full': [507, 'The disk is full', 'the spool cannot be written', 'the same upload, later'],
      'hold.disk.failed': [503, 'The spool failed', 'the spool cannot be written or read', 'the same upload, later'],
    },
    'later',
    'error',
  ),
}
