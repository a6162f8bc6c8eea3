import { performance } from 'node:perf_hooks'
import type { ProblemId } from '../../problems/catalogue.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type { PaceWatch } from '../types.ts'

/** admission.body: milliseconds and bytes per second. */
export interface BodyPace {
  readonly idle: number
  readonly minimumRate: number
  readonly total: number
}

/** Content is at least a sixth of a body in chunks of one byte; with less, the rest is chunk extensions. */
const framingPerByte = 8
/** What can have been read and not yet been handed on as content. */
const readAhead = 1024 * 1024

/**
 * Instead of one deadline for the whole request, which ends slow but steady uploads: no silence longer than `idle`, at
 * least `minimumRate` on average over windows of `idle` length, and a hard cap `total`.
 * Time during which the gateway itself does not read counts for the cap only.
 *
 * What `connection` reads for the body is bounded by its content too: llhttp bounds the extensions of one chunk, and
 * there may be as many chunks as bytes.
 */
export function watchBody(
  pace: BodyPace,
  connection: { readonly bytesRead: number },
  onExpired: (expired: Violation) => void,
): PaceWatch {
  const begun = performance.now()
  let lastByte = begun
  let windowStart = begun
  let windowBytes = 0
  /** When the gateway stopped reading; null while it reads. */
  let pausedAt: number | null = null
  let allowance = connection.bytesRead + readAhead

  const check = (): void => {
    const now = performance.now()
    if (now - begun > pace.total)
      return expire('body.too-long', `the body was not complete after ${seconds(pace.total)}`)
    if (pausedAt !== null) return
    if (now - lastByte > pace.idle) return expire('body.idle', `no byte came for ${seconds(pace.idle)}`)
    if (now - windowStart < pace.idle) return
    const rate = windowBytes / ((now - windowStart) / 1000)
    if (rate < pace.minimumRate) return expire('body.too-slow', `the body came at ${Math.floor(rate)} bytes per second`)
    beginWindow(now)
  }
  const beginWindow = (now: number): void => {
    windowStart = now
    windowBytes = 0
  }
  const expire = (id: ProblemId, failed: string): void => {
    clearInterval(timer)
    allowance = Number.POSITIVE_INFINITY
    onExpired(violation(id, { failed }))
  }
  const timer = setInterval(check, Math.min(1000, Math.max(20, pace.idle / 4)))

  return {
    progress(bytes) {
      lastByte = performance.now()
      windowBytes += bytes
      allowance += bytes * framingPerByte
      if (connection.bytesRead > allowance)
        expire('framing.chunk-extensions', 'the chunk extensions are many times longer than the content')
    },
    pause() {
      pausedAt ??= performance.now()
    },
    resume() {
      if (pausedAt === null) return
      lastByte = performance.now()
      // Left out of the window, which a new one would never get to its end where the gateway pauses at each piece.
      windowStart += lastByte - pausedAt
      pausedAt = null
    },
    stop() {
      clearInterval(timer)
    },
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`
}
