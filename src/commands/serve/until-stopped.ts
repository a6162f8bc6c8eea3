import type { Logger } from 'pino'
import type { Gateway } from '../../gateway.ts'

/** Milliseconds between two lines of the log on what is still in flight. */
const toldEvery = 5000

/**
 * Waits for SIGTERM or SIGINT and stops the gateway in order; `drain` are the milliseconds that it gives requests in
 * flight. Resolves when all is closed.
 */
export async function untilStopped(gateway: Gateway, drain: number, log: Logger): Promise<void> {
  const signal = await stopSignal(gateway.abandon)
  const counted = gateway.remaining()
  const closed = gateway.close()
  log.info({ signal, drain, remaining: await counted }, 'stopping: no new connections are accepted')
  const telling = setInterval(() => void tell(gateway, log), toldEvery).unref()
  const ended = await closed
  clearInterval(telling)
  if (ended === 0) log.info({ ended }, 'stopped')
  else log.warn({ ended }, 'stopped: requests were ended because the time for them was over')
}

async function tell(gateway: Gateway, log: Logger): Promise<void> {
  const remaining = await gateway.remaining()
  if (remaining > 0) log.info({ remaining }, 'stopping: requests are still in flight')
}

/** The first of the two; a second one, of either kind, has its default effect and ends all processes at once. */
function stopSignal(abandon: (() => void) | null): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      if (abandon !== null) process.once('SIGTERM', endAll).once('SIGINT', endAll)
      resolve(signal)
    }
    const endAll = (signal: NodeJS.Signals): void => {
      abandon?.()
      process.off('SIGTERM', endAll).off('SIGINT', endAll)
      process.kill(process.pid, signal)
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  })
}
