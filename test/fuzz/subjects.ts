import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Outcome } from './worker.ts'

export interface Result extends Pick<Outcome, 'cpu' | 'detected' | 'trace'> {
  /** What went wrong, for people; null where nothing did. */
  readonly broken: string | null
}

const timeout = 2000
const mostFacts = 2 ** 20
/** Inputs for one thread; then a fresh one takes over, so that nothing piles up. */
const lifetime = 20_000

const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 }

/** A thread on which inputs are tried, replaced when it dies. */
export class Subjects {
  #worker: Worker | null = null
  #tried = 0
  #settle: (outcome: Outcome | string) => void = () => {}

  async try(bytes: Buffer): Promise<Result> {
    const worker = await this.#ready()
    const { promise, resolve } = Promise.withResolvers<Outcome | string>()
    this.#settle = resolve
    const timer = setTimeout(() => resolve(`took longer than ${timeout} ms`), timeout)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(bytes)
    const outcome = await promise
    clearTimeout(timer)
    if (typeof outcome !== 'string') return resultOf(outcome)
    await this.close()
    return { cpu: timeout, detected: 'unknown', trace: outcome, broken: outcome }
  }

  async close(): Promise<void> {
    this.#settle = () => {}
    await this.#worker?.terminate()
    this.#worker = null
  }

  async #ready(): Promise<Worker> {
    this.#tried += 1
    if (this.#tried % lifetime === 0) await this.close()
    if (this.#worker !== null) return this.#worker
    const worker = new Worker(new URL('worker.ts', import.meta.url), { resourceLimits })
    // What it needs to be loaded does not count as time of the first input.
    await once(worker, 'message')
    worker.on('message', (outcome: Outcome) => this.#settle(outcome))
    worker.on('error', (error) => this.#settle(`the thread died: ${String(error)}`))
    worker.on('exit', () => this.#settle('the thread ended'))
    this.#worker = worker
    return worker
  }
}

function resultOf({ cpu, detected, trace, facts, thrown }: Outcome): Result {
  const words = thrown ?? (facts > mostFacts ? `the facts have ${facts} bytes` : null)
  return { cpu, detected, trace, broken: words }
}
