import type { Piscina } from 'piscina'
import type { FileTypeId } from '../../../file-types/catalogue.ts'
import { type Violation, violation } from '../../../problems/violation.ts'
import type { DetectedType, FileContent, Inspected, Rewriting, Rewritten, UnscannedReason } from '../../types.ts'
import type { ExpansionBounds } from '../expansion.ts'
import { fillWindow } from './fill-window.ts'
import { type InspectionOptions, openPool } from './pool.ts'
import { detectedOf, type Progress, taskOf } from './progress.ts'
import type { Answer, InspectJob, Message, RewriteJob, Task } from './task.ts'

export type { InspectionOptions }

/** What inspection needs to know of unpacking besides its own memory. */
export type UnpackingLimits = Omit<ExpansionBounds, 'memory'>

/**
 * Runs inspectors and rewriters on threads of their own, and ends those that take too long or too much. Answers with a
 * violation where no thread became free in time: that is no fault of the file.
 */
export interface Inspection {
  /** Rejects with the signal's reason, and where the content cannot be read. */
  inspect(
    content: FileContent,
    name: string,
    limits: UnpackingLimits,
    signal: AbortSignal,
  ): Promise<Inspected | Violation>
  /** `impossible` also where it took too long or too much. */
  rewrite(
    content: FileContent,
    type: FileTypeId,
    rewriting: Rewriting,
    signal: AbortSignal,
  ): Promise<Rewritten | Violation>
  /** Files that wait for a thread. */
  readonly waiting: number
  close(): Promise<void>
}

/** Called when a thread had to be ended. */
export type OnEnded = (reason: 'timeout' | 'memory' | 'crash', error?: unknown) => void

/** Content up to this size goes to the thread as it is; asking for it costs more than the copy. */
const sentWhole = 128 * 1024

/** A large film takes long although nothing is wrong with it. */
const timedPiece = 256 * 1024 * 1024

/** How often the time of what runs is looked at, in milliseconds. */
const tick = 100

interface Running {
  readonly content: FileContent
  readonly limit: AbortController
  /** Whether a thread has begun with it; from then on `deadline` is that of inspecting, before that of waiting. */
  begun: boolean
  deadline: number
  /** What kept the content from being read, in a box: the reason may be anything. */
  failure: { readonly error: unknown } | null
}

/** How a task ended that gave no answer. */
type Ended = Extract<UnscannedReason, 'timeout' | 'memory' | 'damaged'>

/** `worker` is the module that the threads run; it is another one only where a test wants them to fail. */
export function openInspection(
  options: InspectionOptions,
  onEnded: OnEnded,
  worker: URL = new URL('worker.ts', import.meta.url),
): Inspection {
  return new ThreadedInspection(() => openPool(options, worker), options, onEnded)
}

class ThreadedInspection implements Inspection {
  readonly #open: () => Piscina
  #pool: Piscina
  readonly #options: InspectionOptions
  readonly #onEnded: OnEnded
  readonly #running = new Map<number, Running>()
  /** By the id of the thread. */
  readonly #threads = new Map<number, Progress>()
  #clock: NodeJS.Timeout | null = null
  #lastId = 0
  #closed = false

  constructor(open: () => Piscina, options: InspectionOptions, onEnded: OnEnded) {
    this.#open = open
    this.#options = options
    this.#onEnded = onEnded
    this.#pool = this.#start()
  }

  #start(): Piscina {
    const pool = this.#open()
    pool.on('message', (message: Message) => this.#heed(message, pool))
    // The death of a thread without a task: nothing else listens, and the process would end with it.
    pool.on('error', (error) => {
      this.#onEnded('crash', error)
      this.#replaceEmpty(pool)
    })
    return pool
  }

  /** A pool does not start threads again once one has failed to start; the next one may have more luck. */
  #replaceEmpty(pool: Piscina): void {
    if (pool !== this.#pool || pool.threads.length > 0 || this.#closed) return
    this.#pool = this.#start()
    void pool.destroy()
  }

  get waiting(): number {
    return this.#pool.queueSize
  }

  async inspect(content: FileContent, name: string, limits: UnpackingLimits, signal: AbortSignal) {
    const bounds = { ...limits, memory: Math.floor(this.#options.memory / 2) }
    const { answer, detected } = await this.#run(content, { kind: 'inspect', name, bounds }, signal)
    if (answer === 'busy') return violation('admission.inspection')
    return typeof answer === 'string' ? unfinished(answer, detected) : answer
  }

  async rewrite(content: FileContent, type: FileTypeId, rewriting: Rewriting, signal: AbortSignal) {
    const { answer } = await this.#run(content, { kind: 'rewrite', type, rewriting }, signal)
    if (answer === 'busy') return violation('admission.inspection')
    return typeof answer === 'string' ? impossible : answer
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pool.destroy()
  }

  async #run<Job extends InspectJob | RewriteJob>(content: FileContent, job: Job, signal: AbortSignal) {
    signal.throwIfAborted()
    if (this.#closed) throw new Error('inspection is closed')
    const { size } = content
    this.#lastId = (this.#lastId % 0x7fffffff) + 1
    const task: Task = {
      id: this.#lastId,
      size,
      bytes: size > sentWhole ? null : new Uint8Array(await content.read(0, size)),
      job,
    }
    const limit = new AbortController()
    const end = (): void => limit.abort()
    const deadline = performance.now() + this.#options.wait
    const running: Running = { content, limit, begun: false, deadline, failure: null }
    this.#running.set(task.id, running)
    this.#clock ??= setInterval(() => this.#look(), tick).unref()
    signal.addEventListener('abort', end)
    try {
      const answer: Answer<Job> = await this.#pool.run(task, { signal: limit.signal })
      return { answer, detected: null }
    } catch (error) {
      signal.throwIfAborted()
      if (running.failure !== null) throw running.failure.error
      if (limit.signal.aborted && !running.begun) return { answer: 'busy' as const, detected: null }
      const thread = this.#threads.values().find((progress) => taskOf(progress) === task.id)
      const detected = thread === undefined ? null : detectedOf(thread)
      return { answer: this.#ended(limit.signal.aborted, error), detected }
    } finally {
      signal.removeEventListener('abort', end)
      this.#running.delete(task.id)
    }
  }

  #ended(aborted: boolean, error: unknown): Ended {
    const memory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    const reason = aborted ? 'timeout' : memory ? 'memory' : 'damaged'
    this.#onEnded(reason === 'damaged' ? 'crash' : reason, error)
    this.#replaceEmpty(this.#pool)
    return reason
  }

  /** Ends what runs for too long; stops looking where nothing runs. */
  #look(): void {
    const now = performance.now()
    for (const progress of this.#threads.values()) {
      const running = this.#running.get(taskOf(progress))
      if (running === undefined || running.begun) continue
      running.begun = true
      running.deadline = now + this.#options.timeout * Math.max(1, Math.ceil(running.content.size / timedPiece))
    }
    for (const { limit, deadline } of this.#running.values()) if (now > deadline) limit.abort()
    if (this.#running.size > 0 || this.#clock === null) return
    clearInterval(this.#clock)
    this.#clock = null
  }

  #heed(message: Message, pool: Piscina): void {
    if (message.kind === 'thread') {
      const alive = new Set(pool.threads.map(({ threadId }) => threadId))
      for (const id of this.#threads.keys()) if (!alive.has(id)) this.#threads.delete(id)
      this.#threads.set(message.threadId, message.progress)
      return
    }
    const running = this.#running.get(message.id)
    if (running === undefined) return
    void fillWindow(running.content, message).then((failure) => {
      running.failure ??= failure
    })
  }
}

const impossible: Rewritten = { kind: 'impossible' }

const endings: Readonly<Record<Ended, string>> = {
  timeout: 'inspection took longer than it may',
  memory: 'inspection took more memory than it may',
  damaged: 'inspection failed',
}

function unfinished(reason: Ended, detected: DetectedType | null): Inspected {
  return {
    detected: detected ?? { type: null, description: 'data that could not be inspected' },
    content: { observations: [], uncovered: [{ reason, detail: endings[reason] }] },
    archive: null,
    members: [],
  }
}
