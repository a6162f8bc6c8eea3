import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { Readiness, ReadinessCheck } from '../operations/readiness.ts'
import type { Resources } from './resources.ts'

/**
 * A scanner or a Redis that is down is told and takes nobody away from plain traffic, unless its configuration says that the
 * gateway is of no use without it.
 */
export async function readiness({ hold, scanners, limiter }: Resources, draining: boolean): Promise<Readiness> {
  const spool: ReadinessCheck = await access(hold.directory, constants.W_OK | constants.X_OK).then(
    () => ({ name: 'spool', ok: true }),
    (error: Error) => ({ name: 'spool', ok: false, detail: error.message }),
  )
  const health = scanners.health()
  const checks = health.map(({ name, up, detail }) => ({ name: `scanner ${name}`, ok: up, detail }))
  const shared = limiter.health()
  const limits: ReadinessCheck[] = shared === null ? [] : [{ name: 'limits', ok: shared.up, ...(!shared.up && away) }]
  const missing = health.some(({ up, required }) => required && !up)
  return {
    ready: spool.ok && !draining && !missing,
    checks: [spool, { name: 'draining', ok: !draining }, ...checks, ...limits],
  }
}

/** The gateway goes on without it, as state.whenAway says. */
const away = { detail: 'Redis does not answer; limits are not shared' }
