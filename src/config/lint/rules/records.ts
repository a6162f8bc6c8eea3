import { sizeAt } from '../as-written.ts'
import { policiesInUse } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

/** A note: the log and the metrics still tell how much is refused, and by which rule. */
const noAudit: LintRule = {
  id: 'lint.audit.none',
  level: 'note',
  title: 'No audit file',
  why: 'why one upload was refused or let through cannot be told afterwards, and no change can be tried on past uploads',
  fix: 'set audit.file',
  find: (snapshot) =>
    snapshot.configuration.audit.file === null && policiesInUse(snapshot).length > 0
      ? [{ path: ['audit', 'file'], of: null, found: 'no decision is on record' }]
      : [],
}

const quarantineTooSmall: LintRule = {
  id: 'lint.quarantine.size',
  level: 'warning',
  title: 'A quarantine below what one upload may have',
  why: 'the largest uploads are refused and not kept, so that nobody can review them',
  fix: 'raise quarantine.size, or lower request.size of the policy',
  find: (snapshot, written) => {
    const { quarantine } = snapshot.configuration
    if (quarantine === null) return []
    const path = ['quarantine', 'size']
    const holds = sizeAt(written, path, quarantine.size)
    return policiesInUse(snapshot)
      .filter(({ onRefused, request }) => onRefused === 'quarantine' && request.size > quarantine.size)
      .map(({ name, request }) => {
        const takes = sizeAt(written, ['policies', name, 'request', 'size'], request.size)
        return { path, of: name, found: `the quarantine holds ${holds}, and policy ${name} takes ${takes}` }
      })
  },
}

export const records: readonly LintRule[] = [noAudit, quarantineTooSmall]
