import type { ProbeResult } from '../probe/result.ts'
import { type Condition, whyDown } from './health.ts'

export interface ScannerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Says in the log what has changed of a scanner since it was last told, and nothing of single files. */
export interface Announcer {
  tell(condition: Condition): void
}

export function createAnnouncer(log: ScannerLog, scanner: string): Announcer {
  let up: boolean | null = null
  let open = false
  let stale = false
  let failing = ''

  function tellUp(condition: Condition): void {
    const reason = whyDown(condition)
    const unknown = condition.proof.honest === null && condition.trouble === null && condition.circuit === 'closed'
    if (unknown || up === (reason === null)) return
    up = reason === null
    if (up) log.info({ scanner }, 'a scanner is up')
    else log.error({ scanner, reason }, 'a scanner is down: what it calls clean is unscanned')
  }

  function tellCircuit({ circuit }: Condition): void {
    if (open === (circuit !== 'closed')) return
    open = circuit !== 'closed'
    if (open) log.warn({ scanner }, 'a scanner failed repeatedly and is not asked for a while')
    else log.info({ scanner }, 'a scanner is asked again')
  }

  function tellStale({ staleness, trouble }: Condition): void {
    if (trouble !== null || stale === (staleness !== null)) return
    stale = staleness !== null
    if (stale) log.warn({ scanner, reason: staleness }, 'the signatures of a scanner are too old')
    else log.info({ scanner }, 'the signatures of a scanner are recent again')
  }

  function tellProbe(probe: ProbeResult): void {
    const failed = probe.cases.filter(({ ok }) => !ok)
    const now = failed.map((shown) => shown.case).join()
    if (now === failing) return
    failing = now
    if (failed.length === 0) log.info({ scanner }, 'a scanner finds all that its probe shows it')
    else log.warn({ scanner, cases: failed }, 'a scanner does not answer its probe as it must')
  }

  return {
    tell(condition) {
      const { last } = condition.proof
      if (last !== null && last.error === null) tellProbe(last)
      tellStale(condition)
      tellCircuit(condition)
      tellUp(condition)
    },
  }
}
