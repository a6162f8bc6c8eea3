import type { TimedStage } from '../metrics/catalogue.ts'
import type { Timings } from './stopwatch.ts'

/** In the order of the path of an upload. */
const told: readonly TimedStage[] = ['multipart', 'hold', 'inspection', 'scan', 'verdict', 'quarantine', 'release']

/** The Server-Timing field (W3C) for an upload, name and value; nothing where no stage of it was reached. */
export function serverTiming(timings: Timings): readonly string[] {
  const metrics: string[] = []
  for (const stage of told) {
    const milliseconds = timings[stage]
    if (milliseconds !== undefined) metrics.push(`${stage};dur=${milliseconds.toFixed(1)}`)
  }
  return metrics.length === 0 ? [] : ['Server-Timing', metrics.join(', ')]
}
