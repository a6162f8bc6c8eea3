import { performance } from 'node:perf_hooks'
import type { Metrics } from '../../metrics/registry.ts'
import type { ProblemId } from '../../problems/catalogue.ts'
import { type Refusal, refusal, type Violation, violation } from '../../problems/violation.ts'
import { createSlots, type Slots } from '../../slots.ts'
import type { Turns } from '../../turns.ts'
import { Places } from './places.ts'
import { rankOf } from './rank.ts'
import { WaitingTime } from './waiting-time.ts'

/** What one upload needs, as far as its headers and its policy tell. */
export interface Demand<Held> {
  /** Bytes that are announced, or the most that the policy takes where none are. */
  readonly size: number
  readonly upstream: string
  readonly scanners: readonly string[]
  /** Those of them without which the upload is certain to be refused in the end. */
  readonly needed: readonly string[]
  /** Reserves memory or spool for the body, at once or not at all. */
  readonly reserve: () => Promise<Held | Violation>
  readonly signal: AbortSignal
}

/** What is reserved for one upload. Who has it calls `release` once, whatever becomes of the upload. */
export interface Permit<Held> {
  readonly held: Held
  readonly release: () => void
}

export interface PermitLimits {
  /** Uploads at a time. */
  readonly active: number
  /** Uploads that may wait to be among them. */
  readonly queue: number
  /** The longest that one may wait, in milliseconds. */
  readonly queueTimeout: number
  /** Uploads at a time by the name of their upstream, and of the scanners that they need. */
  readonly upstreams: ReadonlyMap<string, number>
  readonly scanners: ReadonlyMap<string, number>
  /** Whether nothing can be asked of a scanner at the moment. */
  readonly isDown: (scanner: string) => boolean
}

/** What starting an upload costs, in bytes that would cost the same. */
const startBytes = 32 * 1024

/**
 * Gives uploads what they will need before a byte of their bodies is read: an upload slot, for which there is a line, and
 * with it in one step a place at the upstream, one at each scanner, and room to hold the body. What is not there is named.
 */
export class Permits {
  #limits: PermitLimits
  readonly #slots: Slots
  readonly #upstreams = new Map<string, Places>()
  readonly #scanners = new Map<string, Places>()
  readonly #waitingTime: WaitingTime
  readonly #turns: Turns
  readonly #metrics: Metrics

  constructor(limits: PermitLimits, turns: Turns, metrics: Metrics) {
    this.#limits = limits
    this.#slots = createSlots(limits.active, limits.queue)
    this.#waitingTime = new WaitingTime(limits.active)
    this.#turns = turns
    this.#metrics = metrics
    this.resize(limits)
  }

  /** From now on. Uploads that have their permits keep them, and count. */
  resize(limits: PermitLimits): void {
    this.#limits = limits
    this.#slots.resize(limits.active, limits.queue)
    this.#waitingTime.resize(limits.active)
    resizePlaces(this.#upstreams, limits.upstreams, limits.active)
    resizePlaces(this.#scanners, limits.scanners, limits.active)
  }

  /** Rejects where `reserve` does, and with the signal's reason while waiting in line. */
  async take<Held>(demand: Demand<Held>): Promise<Permit<Held> | Refusal> {
    // Before the line too: whoever cannot go on at its end should not wait in it.
    const missing = this.#missing(demand)
    if (missing !== null) return missing
    const arrival = performance.now()
    const taken = await this.#slots.take({
      wait: this.#limits.queueTimeout,
      signal: demand.signal,
      rank: rankOf(arrival, demand.size),
    })
    this.#metrics.uploadQueueWait.of({}).observe((performance.now() - arrival) / 1000)
    if (taken !== 'taken') return this.#refuse('admission.uploads', lineWords[taken])
    return this.#fill(demand)
  }

  /** Brings the gauges up to date. */
  collect(): void {
    const metrics = this.#metrics
    metrics.uploadSlots.set(this.#slots.active)
    metrics.uploadQueue.set(this.#slots.waiting)
    metrics.upstreamUploads.reset()
    metrics.scannerUploads.reset()
    for (const [upstream, { used }] of this.#upstreams) metrics.upstreamUploads.set({ upstream }, used)
    for (const [scanner, { used }] of this.#scanners) metrics.scannerUploads.set({ scanner }, used)
  }

  /** The slot is had; the rest comes at once with it, or it goes back. */
  async #fill<Held>(demand: Demand<Held>): Promise<Permit<Held> | Refusal> {
    const begun = performance.now()
    const missing = this.#missing(demand)
    if (missing !== null) {
      this.#slots.free()
      return missing
    }
    const places = this.#placesFor(demand)
    for (const place of places) place.take()
    let over = false
    const release = (): void => {
      if (over) return
      over = true
      for (const place of places) place.free()
      this.#slots.free()
      this.#waitingTime.learn(performance.now() - begun)
    }
    try {
      const held = await demand.reserve()
      if (isViolation(held)) {
        release()
        return refusal(held)
      }
      await this.#turns.take(startBytes)
      return { held, release }
    } catch (error) {
      release()
      throw error
    }
  }

  #missing({ upstream, scanners, needed }: Demand<unknown>): Refusal | null {
    if (this.#upstreams.get(upstream)?.full === true)
      return this.#refuse('admission.upstream', `all places for uploads to ${upstream} are taken`)
    const busy = scanners.find((name) => this.#scanners.get(name)?.full)
    if (busy !== undefined)
      return this.#refuse('admission.scanner', `all places for uploads that ${busy} has to scan are taken`)
    const down = needed.find((name) => this.#limits.isDown(name))
    return down === undefined
      ? null
      : this.#refuse('admission.scanner', `the scanner ${down} does not answer at present`)
  }

  #placesFor({ upstream, scanners }: Demand<unknown>): Places[] {
    const named = [this.#upstreams.get(upstream), ...scanners.map((name) => this.#scanners.get(name))]
    return named.filter((places) => places !== undefined)
  }

  #refuse(id: ProblemId, failed: string): Refusal {
    const retryAfter = this.#waitingTime.estimate(this.#slots.waiting)
    return { ...refusal(violation(id, { failed })), retryAfter }
  }
}

const lineWords = {
  full: 'all upload slots are taken, and so are all places in line',
  late: 'no upload slot became free within admission.uploads.queueTimeout',
} as const

/** As many places as slots are no bound of their own: whoever comes then waits in line, and is not turned away. */
function resizePlaces(places: Map<string, Places>, limits: ReadonlyMap<string, number>, slots: number): void {
  for (const name of places.keys()) if (!limits.has(name)) places.delete(name)
  for (const [name, limit] of limits) {
    const bound = limit < slots ? limit : Number.POSITIVE_INFINITY
    const known = places.get(name)
    if (known === undefined) places.set(name, new Places(bound))
    else known.resize(bound)
  }
}

function isViolation(held: unknown): held is Violation {
  return typeof held === 'object' && held !== null && 'failed' in held
}
