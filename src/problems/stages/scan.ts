import { stage } from '../kind.ts'

/** What scanners say of files, and what becomes of files that they could not look at as a whole. */
export const scan = {
  ...stage('policy', {
    'scan.malware': [422, 'A file is malware', 'a scanner found malware in it', 'a file without malware'],
    'scan.tooLarge': [
      413,
      'A file is too large to be scanned',
      'a scanner takes no files of this size',
      'a smaller file',
    ],
    'scan.encrypted': [
      422,
      'A file cannot be scanned because it is encrypted',
      'a scanner says that it cannot look into it',
      'a file without a password',
    ],
    'scan.partial': [
      422,
      'A file was not scanned as a whole',
      'a scanner looked at a part of it only',
      'a file of a simpler form',
    ],
  }),
  ...stage(
    'policy',
    {
      'scan.unavailable': [
        503,
        'Files cannot be scanned at the moment',
        'a scanner is not there, is overloaded or has failed',
        'the same upload, later',
      ],
      'scan.timeout': [503, 'Scanning takes too long', 'a scanner gave no answer in time', 'the same upload, later'],
      'scan.stale': [
        503,
        'Files cannot be scanned with recent signatures',
        'the signatures of a scanner are too old, or nobody knows how old they are',
        'the same upload, later',
      ],
    },
    'later',
    'warn',
  ),
}
