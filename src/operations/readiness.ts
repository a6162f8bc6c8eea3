/** Whether new requests should be sent here, and why not. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: readonly ReadinessCheck[]
}

export interface ReadinessCheck {
  /** What was looked at, such as `spool` or `draining`. */
  readonly name: string
  readonly ok: boolean
  /** For operators: shown to those who bring the token. */
  readonly detail?: string
}

export type CheckReadiness = () => Readiness | Promise<Readiness>

/** Milliseconds; a disk that hangs is no readiness. */
const DEADLINE = 2000

/** The checks' own answer; not ready where they fail or take too long. */
export async function readinessWithin(check: CheckReadiness, deadline = DEADLINE): Promise<Readiness> {
  const { promise: late, resolve } = Promise.withResolvers<Readiness>()
  const timer = setTimeout(() => resolve(unknown(`no answer within ${deadline} ms`)), deadline)
  try {
    return await Promise.race([check(), late])
  } catch (error) {
    return unknown(error instanceof Error ? error.message : 'the checks failed')
  } finally {
    clearTimeout(timer)
  }
}

function unknown(detail: string): Readiness {
  return { ready: false, checks: [{ name: 'checks', ok: false, detail }] }
}
