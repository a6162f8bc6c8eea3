import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds between two samples; the lag that is told is what comes on top of it. */
const RESOLUTION = 10

export interface LagMeter {
  /** Seconds, 99th percentile since the last call. */
  readonly take: () => number
  readonly stop: () => void
}

export function startLagMeter(): LagMeter {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION })
  delays.enable()
  return {
    take() {
      // Without a sample since the last reset, the histogram has no percentile worth telling.
      const lag = delays.count === 0 ? 0 : delays.percentile(99) / 1e6 - RESOLUTION
      delays.reset()
      return Math.max(0, lag) / 1e3
    },
    stop: () => delays.disable(),
  }
}
