import { orAbort } from '../../../../or-abort.ts'
import type { ProbeResult } from '../probe/result.ts'

export interface ProberOptions {
  /** Rejects with the signal's reason only. */
  readonly probe: (signal: AbortSignal) => Promise<ProbeResult>
  /** Milliseconds; null: not on a timer. */
  readonly interval: number | null
  readonly onResult: (result: ProbeResult) => void
}

/** Probes a scanner now and then, never twice at a time. */
export interface Prober {
  /** Resolves when a probe has ended: the one under way, or a new one. Rejects with the signal's reason. */
  now(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Milliseconds until a probe that could not be brought to its end is repeated. */
const retry = 30_000

/** Gateways that were started together do not stay together: as a part of the interval, up and down. */
const jitter = 0.1

export function startProber({ probe, interval, onResult }: ProberOptions): Prober {
  const closing = new AbortController()
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  function schedule({ error }: ProbeResult): void {
    const pause = error === null ? interval : Math.min(retry, interval ?? retry)
    if (pause === null || closing.signal.aborted) return
    timer = setTimeout(() => void start(), pause * (1 + jitter * (2 * Math.random() - 1))).unref()
  }

  function start(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    running ??= probe(closing.signal)
      .then(
        (result) => {
          onResult(result)
          schedule(result)
        },
        // It rejects only because all is closed.
        () => {},
      )
      .finally(() => {
        running = null
      })
    return running
  }

  return {
    now(signal) {
      return orAbort(start(), signal)
    },
    async close() {
      closing.abort()
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}
