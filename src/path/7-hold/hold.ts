import { statfs } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { withinDeadline } from '../../disk-deadline.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type { Turns } from '../../turns.ts'
import { Budget } from './budget.ts'
import { diskViolation } from './disk-violation.ts'
import { Holding } from './holding.ts'
import type { Room } from './room.ts'

export interface HoldOptions {
  /** Bytes of memory for held bodies, in the whole process. */
  readonly memory: number
  /** Spool files that may be open at a time. */
  readonly files?: number
  readonly spool: { readonly directory: string; readonly size: number; readonly keepFree: number }
  /** Processes that have a spool on the same disk, this one included; 1 where absent. */
  readonly sharedBy?: number
}

/** How long the free space of the file system is believed, in milliseconds. */
const freeSpaceTrust = 1000

/** The room for held bodies of the whole process, and the owner of its two budgets. */
export class Hold implements Room {
  readonly memory: Budget
  readonly spool: Budget
  readonly files: Budget
  directory: string
  readonly turns: Turns
  readers = 0
  written = 0
  #keepFree: number
  readonly #sharedBy: number
  /** Bytes that the spool may have on this disk in all, as of `#capacityAt`. */
  #capacity = Number.POSITIVE_INFINITY
  #capacityAt = Number.NEGATIVE_INFINITY

  constructor(options: HoldOptions, turns: Turns) {
    this.turns = turns
    this.memory = new Budget(options.memory)
    this.spool = new Budget(options.spool.size)
    this.files = new Budget(options.files ?? Number.POSITIVE_INFINITY)
    this.directory = options.spool.directory
    this.#keepFree = options.spool.keepFree
    this.#sharedBy = options.sharedBy ?? 1
  }

  /** From now on. What is held already stays where it is, and counts. */
  resize({ memory, spool, files }: Omit<HoldOptions, 'sharedBy'>): void {
    this.memory.resize(memory)
    this.spool.resize(spool.size)
    this.files.resize(files ?? Number.POSITIVE_INFINITY)
    this.directory = spool.directory
    this.#keepFree = spool.keepFree
    this.#capacityAt = Number.NEGATIVE_INFINITY
  }

  /**
   * A place for one body, reserved from its announced length before a byte of it is read: memory where it fits, else the
   * spool. Null (chunked) reserves as it goes.
   */
  async admit(announced: number | null): Promise<Holding | Violation> {
    const holding = new Holding(this, announced ?? 0)
    if (announced === null || holding.reserveMemory(announced)) return holding
    const refused = await holding.reserveSpool(announced)
    if (refused) await holding.release()
    return refused ?? holding
  }

  /** Reserves spool bytes, of the configured size and of what the disk has left above keepFree. */
  async reserveSpool(bytes: number): Promise<Violation | null> {
    if (!this.spool.reserve(bytes)) {
      return violation('admission.spool', { failed: 'the spool is reserved for other uploads' })
    }
    const refused = await this.#refuseFullDisk()
    if (refused) this.spool.release(bytes)
    return refused
  }

  async #refuseFullDisk(): Promise<Violation | null> {
    try {
      if ((await this.#measure()) >= this.spool.used) return null
      return violation('hold.disk.full', { failed: 'the disk of the spool has too little free space left' })
    } catch (error) {
      return diskViolation(error)
    }
  }

  /**
   * What is free and what is written already: reservations that are not written yet take their room from it. Those of
   * other workers are not seen here, so each takes its part of what is free only.
   */
  async #measure(): Promise<number> {
    const now = performance.now()
    if (now - this.#capacityAt > freeSpaceTrust) {
      const stats = await withinDeadline(statfs(this.directory))
      this.#capacity = (stats.bavail * stats.bsize - this.#keepFree) / this.#sharedBy + this.written
      this.#capacityAt = now
    }
    return this.#capacity
  }
}
