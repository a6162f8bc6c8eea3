import { stage } from '../kind.ts'

export const hold = {
  ...stage(
    'admission',
    {
      'admission.connections': [
        503,
        'The gateway has too many connections',
        'as many connections are open as admission.connections.total, or the limit of open files, allows',
        'the same request, later',
      ],
      'admission.connections.client': [
        429,
        'Too many connections from one address',
        'as many connections are open from this address (of IPv6, its /64) as admission.connections.perClient allows',
        'fewer connections at a time; of a proxy that speaks for many clients, its address in clients.trustedProxies',
      ],
    },
    'later',
  ),
  ...stage(
    'admission',
    {
      'admission.files': [
        503,
        'Too many files are open',
        'the limit of open files of the process leaves none for this request',
        'the same request, later',
      ],
      'admission.spool': [
        507,
        'There is no room to hold the upload',
        'hold.spool.size has not enough left for this upload',
        'the same upload, later',
      ],
      'admission.connections': [
        503,
        'Too many connections',
        'admission.connections.total or perClient are open already',
        'fewer connections at a time, or the same request later',
      ],
      'admission.memory': [
        503,
        'There is no memory for the form fields',
        'hold.memory has not enough left for the fields of this upload',
        'the same upload, later',
      ],
      'admission.uploads': [
        503,
        'Too many uploads at a time',
        'all of admission.uploads.active are taken and none became free within admission.uploads.queueTimeout',
        'the same upload, later',
      ],
      'admission.upstream': [
        503,
        'Too many uploads for one service at a time',
        'all places for uploads to this upstream are taken',
        'the same upload, later',
      ],
      'admission.scanner': [
        503,
        'There is no scanner for the upload',
        'all places for uploads that a scanner has to scan are taken, or it does not answer',
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
