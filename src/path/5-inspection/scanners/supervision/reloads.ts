import { describeFault } from '../../../../printable.ts'
import type { ReloadEvents } from '../watched-files.ts'
import type { ScannerLog } from './announcer.ts'

/** What has become of rules or lists that were changed. */
export interface Reloads {
  readonly events: ReloadEvents
  /** Why changed ones are not in force, a clause for operators; null where none wait to be. */
  readonly outdated: () => string | null
}

/** `contents`: `rules`, `lists`. */
export function followReloads(log: ScannerLog, scanner: string, contents: string): Reloads {
  let outdated: string | null = null
  const events: ReloadEvents = {
    onRenewed() {
      outdated = null
      log.info({ scanner }, `changed ${contents} are in force`)
    },
    onFault(error) {
      const reason = describeFault(error)
      outdated = `changed ${contents} cannot be used, and the old ones stay in force: ${reason}`
      log.warn({ scanner, reason }, `changed ${contents} cannot be used: the old ones stay in force`)
    },
  }
  return { events, outdated: () => outdated }
}
