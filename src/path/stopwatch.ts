import { performance } from 'node:perf_hooks'
import type { TimedStage } from '../metrics/catalogue.ts'

export type Timings = { [Stage in TimedStage]?: number }

/** Measures how long a request spends in each stage: milliseconds from one `lap` to the next. */
export class Stopwatch {
  readonly begun = performance.now()
  readonly timings: Timings = {}
  #last = this.begun

  lap(stage: TimedStage): void {
    const now = performance.now()
    this.timings[stage] = (this.timings[stage] ?? 0) + now - this.#last
    this.#last = now
  }

  /** Time that ran beside that of other stages. */
  add(stage: TimedStage, milliseconds: number): void {
    this.timings[stage] = (this.timings[stage] ?? 0) + milliseconds
  }

  /** The timings with that of the stage that is running. */
  during(stage: TimedStage): Timings {
    const running = performance.now() - this.#last
    return { ...this.timings, [stage]: (this.timings[stage] ?? 0) + running }
  }

  get elapsed(): number {
    return performance.now() - this.begun
  }
}
