import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { Readiness, ReadinessCheck } from '../operations/readiness.ts'
import type { Hold } from '../path/7-hold/hold.ts'
import type { Resources } from './resources.ts'
import { upstreamsDown } from './upstreams.ts'

/**
 * An upstream that is down is told and no more: another gateway would not reach it either. A scanner or a Redis that is
 * down is told and takes nobody away from plain traffic, unless the configuration of a scanner says that the gateway is of no
 * use without it.
 */
export async function readiness(
  { scanners, backends, limiter }: Resources,
  { directory }: Pick<Hold, 'directory'>,
  draining: boolean,
): Promise<Readiness> {
  const spool: ReadinessCheck = await access(directory, constants.W_OK | constants.X_OK).then(
    () => ({ name: 'spool', ok: true }),
    (error: Error) => ({ name: 'spool', ok: false, detail: error.message }),
  )
  const health = scanners.health()
  const ofScanners = health.map(({ name, up, detail }) => ({ name: `scanner ${name}`, ok: up, detail }))
  const ofUpstreams = upstreamsDown(backends.upstreams).map((name) => ({
    name: `upstream ${name}`,
    ok: false,
    detail: 'none of its servers is up',
  }))
  const missing = health.some(({ up, required }) => required && !up)
  const shared = limiter.health()
  const limits: ReadinessCheck[] = shared === null ? [] : [{ name: 'limits', ok: shared.up, ...(!shared.up && away) }]
  const own = [spool, { name: 'draining', ok: !draining }]
  return { ready: spool.ok && !draining && !missing, checks: [...own, ...ofScanners, ...ofUpstreams, ...limits] }
}

/** The gateway goes on without it, as state.whenAway says. */
const away = { detail: 'Redis does not answer; limits are not shared' }
