import { stage } from '../kind.ts'

/** What the operations listener answers to people who review the quarantine. */
export const quarantine = {
  ...stage('gateway', {
    'quarantine.absent': [
      404,
      'There is no such entry in the quarantine',
      'it was released, deleted or thrown away by age, or it never was',
      'the id of an entry, as GET /quarantine lists them',
    ],
    'quarantine.part': [
      404,
      'There is no such part in this entry',
      'the entry has no part of this number',
      'the number of a part, as GET /quarantine/ID lists them',
    ],
    'quarantine.before': [
      400,
      'before names no entry',
      'it is no id of an entry',
      'the oldest id of the answer before, in lower case',
    ],
    'quarantine.releasing': [
      409,
      'Somebody else is releasing this entry',
      'a release of it is under way',
      'a look at the entry once that has ended',
    ],
    'quarantine.deleting': [
      409,
      'Somebody else is deleting this entry',
      'a deletion of it is under way',
      'a look at the entry once that has ended',
    ],
    'quarantine.alreadyReleased': [
      409,
      'This entry was released before',
      'the backend took it, and what is left of it could not be removed then',
      'its deletion',
    ],
    'quarantine.unclear': [
      409,
      'It is unclear whether the backend has this upload',
      'an earlier release of it was begun, and it is not known whether the backend took it',
      'a look into the backend first; then again: true releases or deletes it all the same',
    ],
    'quarantine.impossible': [
      422,
      'This entry cannot be released',
      'it cannot be written in one way only',
      'deletion, and a new upload by the client',
    ],
    'quarantine.refused': [
      502,
      'The backend refused the upload',
      'it answered with 4xx; the entry is held as before',
      'an upload that the backend takes',
    ],
  }),
  ...stage(
    'gateway',
    {
      'quarantine.nowUnclear': [
        502,
        'Nobody knows whether the backend took the upload',
        'there is no answer of it that says so; the entry is unclear from now on',
        'a look into the backend before anything else',
      ],
    },
    'never',
    'warn',
  ),
  ...stage(
    'gateway',
    {
      'quarantine.unreachable': [
        502,
        'The backend was not reached',
        'no byte of the upload was sent; the entry is held as before',
        'the same release, later',
      ],
      'quarantine.failed': [
        503,
        'The quarantine or the ledger cannot be used',
        'one of them could not be read or written',
        'the same request, once that is mended',
      ],
    },
    'later',
    'error',
  ),
}
