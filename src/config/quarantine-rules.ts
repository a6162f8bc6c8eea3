import type { Rule } from './conflict.ts'

/** A policy that keeps requests for review needs a place for them. */
export const nowhereToKeep: Rule = ({ policies, quarantine }) =>
  quarantine !== undefined
    ? []
    : [...policies].flatMap(([name, policy]) =>
        policy?.onRefused === 'quarantine'
          ? [{ path: ['policies', name, 'onRefused'], expected: 'refuse or strip, or a quarantine section as well' }]
          : [],
      )

export const oneKindOfQuarantine: Rule = ({ quarantine }) => {
  if (quarantine === undefined || quarantine === null) return []
  const path = ['quarantine']
  if (quarantine.directory !== null && quarantine.s3 !== null) {
    return [{ path, found: 'both directory and s3', expected: 'one of the two' }]
  }
  if (quarantine.directory !== null || quarantine.s3 !== null) return []
  return [{ path, found: 'neither directory nor s3', expected: 'one of the two' }]
}

/** Who released what, and why, must be on record. */
export const quarantineWithoutLedger: Rule = ({ quarantine, ledger }) =>
  quarantine === undefined || quarantine === null || ledger === null || ledger.file !== null
    ? []
    : [
        {
          path: ['ledger', 'file'],
          expected: 'a path, since there is a quarantine: what people do with it is recorded',
        },
      ]
