import type { Logger } from 'pino'
import type { Metrics } from '../../metrics/registry.ts'
import { oncePerMinute } from '../../once-per-minute.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Audit } from './audit.ts'
import { auditLine } from './audit-line.ts'
import type { AuditRecord } from './audit-record.ts'
import { candidateDecider } from './candidates.ts'
import { nameHider } from './hide-names.ts'
import { logOutcome } from './log-outcome.ts'
import { observe } from './observe.ts'

export interface RecorderOptions {
  /** Null where the configuration names no audit file. */
  readonly audit: Pick<Audit, 'write'> | null
  readonly names?: 'plain' | 'hashed'
  /** By the names of the policies that they are decided beside. */
  readonly candidates?: ReadonlyMap<string, Policy>
  readonly metrics: Metrics
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** Writes the audit line, the metrics and the log line of a request that ended. Never throws. */
export type RecordRequest = (entry: AuditRecord) => void

/**
 * An entry is recorded once, however often it is handed in: `finish` and `close` of a response both mean its end. Each
 * of the three is written even where another one fails, and none of them can fail the request.
 */
export function createRecorder({ audit, names, candidates, metrics, log }: RecorderOptions): RecordRequest {
  const seen = new WeakSet<AuditRecord>()
  const hide = names === 'hashed' ? nameHider() : null
  const decideCandidate = candidateDecider(candidates ?? new Map(), { metrics, log })
  const complain = oncePerMinute((err: unknown) => log.error({ err }, 'a request could not be recorded'))
  const attempt = (write: () => void) => {
    try {
      write()
    } catch (error) {
      complain(error)
    }
  }
  return (entry) => {
    if (seen.has(entry)) return
    seen.add(entry)
    attempt(() => observe(entry, metrics))
    const candidate = decideCandidate(entry)
    attempt(() => audit?.write(auditLine(entry, { hidden: hide && hide(entry), candidate })))
    attempt(() => logOutcome(entry, log))
  }
}
