import type { Logger } from 'pino'
import { formatFault } from '../../config/fault.ts'
import { loadConfiguration } from '../../config/load.ts'
import type { Gateway } from '../../gateway.ts'

/** SIGHUP reads the file again; what is wrong with it changes nothing. One change at a time. */
export function reloadOnSignal(gateway: Gateway, file: string, env: NodeJS.ProcessEnv, log: Logger): void {
  let last: Promise<void> = Promise.resolve()
  process.on('SIGHUP', () => {
    last = last.then(() => reload(gateway, file, env, log))
  })
}

async function reload(gateway: Gateway, file: string, env: NodeJS.ProcessEnv, log: Logger): Promise<void> {
  const loaded = loadConfiguration(file, env)
  if (!loaded.ok) {
    log.error({ faults: loaded.faults.map(formatFault) }, 'the configuration was not changed: the file has faults')
    return
  }
  const outcome = await gateway.change(loaded)
  const { hash } = loaded.snapshot
  if (outcome.changed) log.info({ hash }, 'the configuration was changed')
  else log.error({ hash, why: outcome.why }, 'the configuration was not changed')
}
