import type { ProbeResult } from '../probe/result.ts'
import { type Condition, type DownCause, whyDown } from './health.ts'
import { notAsked } from './version-watch.ts'

export interface ScannerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const worthless = 'a scanner is down: what it calls clean is unscanned'

/** Says in the log what has changed of a scanner since it was last told, and nothing of single files. */
export interface Announcer {
  tell(condition: Condition): void
}

/** How bad each cause is, and what comes of it. One that was never there gets no worse when its circuit opens. */
const consequences: Readonly<Record<DownCause, readonly [degree: number, message: string]>> = {
  silent: [1, 'a scanner does not answer when it is probed or asked for its version'],
  dishonest: [2, worthless],
  old: [2, worthless],
  ageless: [2, worthless],
  future: [2, worthless],
  unproven: [3, worthless],
  circuit: [3, 'a scanner is down: it failed repeatedly and is not asked for a while'],
}

export function createAnnouncer(log: ScannerLog, scanner: string): Announcer {
  let told: number | null = null
  let failing = ''

  /** One line for what goes wrong and one for its end; on the way there, one that fails less is not up again. */
  function tellUp(condition: Condition): void {
    const down = whyDown(condition)
    const [degree, message] = down === null ? [0, 'a scanner is up'] : consequences[down.cause]
    const unknown = condition.proof.last === null || condition.trouble === notAsked
    if ((unknown && down?.cause !== 'circuit') || degree === told) return
    if (down?.cause === 'silent' && told !== null && told > degree) return
    told = degree
    if (down === null) log.info({ scanner }, message)
    else log.error({ scanner, reason: down.detail }, message)
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
      const { last, honest } = condition.proof
      // One that is not honest is down, which says it all.
      if (last !== null && last.error === null && honest === true) tellProbe(last)
      tellUp(condition)
    },
  }
}
