import type { Logger } from 'pino'
import { problem } from '../../problems/catalogue.ts'
import type { AuditRecord } from './audit-record.ts'

type Level = 'info' | 'warn' | 'error'

/**
 * One line for each request that was refused or failed, at the level of its gravest problem; none for the others. The
 * message is constant and what a client chose is not in it: names of fields and files are in the audit.
 */
export function logOutcome(record: AuditRecord, log: Pick<Logger, Level>): void {
  const { outcome, problems } = record
  if (problems.length === 0 && outcome !== 'failed') return
  log[levelOf(record)](
    {
      requestId: record.requestId,
      client: record.client,
      method: record.method,
      route: record.route,
      policy: record.policy,
      status: record.status,
      outcome,
      problems: [...new Set(problems.map(({ id }) => id))],
      upstream: record.upstream?.name ?? null,
      duration: Math.round(record.duration),
    },
    MESSAGES[outcome] ?? 'request ended with a problem',
  )
}

const MESSAGES: { readonly [Outcome in AuditRecord['outcome']]?: string } = {
  refused: 'request refused',
  failed: 'request failed',
  aborted: 'request aborted by the client',
}

function levelOf({ outcome, problems }: AuditRecord): Level {
  const levels = problems.map(({ id }) => problem(id).level)
  if (levels.includes('error') || levels.length === 0) return 'error'
  return levels.includes('warn') || outcome === 'failed' ? 'warn' : 'info'
}
