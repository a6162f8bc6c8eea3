import { performance } from 'node:perf_hooks'
import { withinDeadline } from '../../disk-deadline.ts'
import { giveBack } from '../../give-back.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import { diskViolation } from './disk-violation.ts'
import { Gatherer } from './gatherer.ts'
import { HeldContent } from './held-content.ts'
import type { Room } from './room.ts'
import { SpoolFile } from './spool-file.ts'

/** Bytes that wait for the disk before the client is asked to pause. */
const pauseAt = 256 * 1024
/** The same while the memory budget is used up: many uploads at once must not each take the larger share. */
const pauseAtPressed = 64 * 1024
/** An upload that takes longer than this many milliseconds gives its memory back and goes on in the spool. */
const slowAfter = 3000
/** So many milliseconds tell how long it will take. */
const judgedAfter = 250
/** Spool bytes reserved at a time for bodies without an announced length. */
const spoolStep = 4 * 1024 * 1024
/** What stays in memory may take this share of it; the rest is for bytes on their way to the disk. */
const stayingShare = 0.5
/** Bytes read from the spool at a time: few releases at once read large pieces, many read small ones. */
const readSize = { largest: 256 * 1024, smallest: 64 * 1024, together: 8 * 1024 * 1024 }

/**
 * The held content of one upload: one sequence of bytes, in memory or in an unlinked spool file, and the owner of both.
 * Appending never waits; `settled` says when the writer must.
 */
export class Holding {
  readonly #room: Room
  readonly #since = performance.now()
  #memory: Buffer[] = []
  /** Offsets at which the buffers of `#memory` begin. */
  #starts: number[] = []
  /** For content that stays in memory, and for what is kept beside it. */
  #memoryReserved = 0
  #memoryUsed = 0
  #kept = 0
  #spool: SpoolFile | null = null
  /** Whether it may have a spool file. */
  #file = false
  #spoolReserved = 0
  #spooling = false
  #queue: Buffer[] = []
  #queued = 0
  #writing: Promise<void> | null = null
  #failure: Violation | null = null
  /** A slow upload is asked once to go to the spool. */
  #moving = false
  /** All is appended: whoever reads may rely on where it is. */
  #whole = false
  #written = 0
  #closed = false
  #length = 0
  readonly #gatherer = new Gatherer((block) => this.#store(block))
  /** Bytes that are in memory or on their way to the spool; the gatherer has the rest. */
  #stored = 0
  readonly #announced: number

  constructor(room: Room, announced: number) {
    this.#room = room
    this.#announced = announced
  }

  /** Bytes appended so far; where the next ones begin. */
  get length(): number {
    return this.#length
  }

  get place(): 'memory' | 'spool' {
    return this.#spooling ? 'spool' : 'memory'
  }

  reserveMemory(bytes: number): boolean {
    return this.#cover(bytes, stayingShare)
  }

  /** Whether so many bytes more have been reserved, or can be, within this share of the memory. */
  #cover(bytes: number, share: number): boolean {
    const missing = this.#memoryUsed + this.#kept + bytes - this.#memoryReserved
    if (missing <= 0) return true
    if (!this.#room.memory.reserve(missing, share)) return false
    this.#memoryReserved += missing
    return true
  }

  async reserveSpool(bytes: number): Promise<Violation | null> {
    const refused = this.#takeFile() ?? (await this.#growSpool(bytes))
    if (!refused) this.#spooling = true
    return refused
  }

  #takeFile(): Violation | null {
    this.#file ||= this.#room.files.reserve(1)
    return this.#file ? null : violation('admission.files')
  }

  async #growSpool(bytes: number): Promise<Violation | null> {
    const refused = await this.#room.reserveSpool(bytes)
    if (refused) return refused
    if (this.#closed) {
      this.#room.spool.release(bytes)
      return null
    }
    this.#spoolReserved += bytes
    return null
  }

  append(chunk: Buffer): void {
    this.#length += chunk.length
    this.#gatherer.add(chunk)
    if (!this.#moving && !this.#spooling && this.#isSlow()) void this.#moveSlow()
  }

  #store(chunk: Buffer): void {
    const start = this.#stored
    this.#stored += chunk.length
    if (this.#spooling) return this.#enqueue(chunk)
    this.#starts.push(start)
    this.#memory.push(chunk)
    const covered = this.#cover(chunk.length, stayingShare)
    this.#memoryUsed += chunk.length
    if (!covered) this.#spill()
  }

  /** Counts bytes that stay in memory beside the content. */
  keep(bytes: number): Violation | null {
    if (this.#closed || !this.#cover(bytes, 1)) return violation('admission.memory')
    this.#kept += bytes
    return null
  }

  /** See `ContentStore`: the disk has to keep up, and other work has its turn as well. */
  settled(read: number): Promise<void> | null {
    const turn = this.#room.turns.take(read)
    const writing = this.#failure || this.#queued < this.#pauseAt() ? null : this.#writing
    if (turn === null || writing === null) return turn ?? writing
    return writing.then(() => turn)
  }

  /** When the work on so many bytes of the content may go on; null for at once. */
  turn(bytes: number): Promise<void> | null {
    return this.#room.turns.take(bytes)
  }

  /** What stopped the holding, as soon as it is known. */
  get failure(): Violation | null {
    return this.#failure
  }

  /** Waits until all that was appended is where it stays. */
  async flush(): Promise<Violation | null> {
    this.#gatherer.finish()
    this.#whole = true
    while (this.#writing) await this.#writing
    return this.#failure
  }

  /** The bytes from `start` to before `end` as a file of its own. Valid until `release`. */
  content(start: number, end: number): HeldContent {
    return new HeldContent(this, start, end)
  }

  async read(start: number, end: number): Promise<Buffer> {
    if (this.#spool) return withinDeadline(this.#spool.read(start, end))
    return Buffer.concat([...this.views(start, end)])
  }

  /** Views of the bytes in memory; empty where they are in the spool. */
  *views(start: number, end: number): Generator<Buffer> {
    for (let index = firstAt(this.#starts, start); index < this.#memory.length; index++) {
      const from = this.#starts[index] as number
      if (from >= end) return
      const chunk = this.#memory[index] as Buffer
      const view = chunk.subarray(Math.max(0, start - from), end - from)
      if (view.length > 0) yield view
    }
  }

  async *pieces(start: number, end: number): AsyncGenerator<Buffer> {
    const room = this.#room
    room.readers++
    try {
      for (let at = start; at < end; ) {
        const size = Math.max(
          readSize.smallest,
          Math.min(readSize.largest, Math.floor(readSize.together / room.readers)),
        )
        const piece = await this.read(at, Math.min(at + size, end))
        if (piece.length === 0) throw new Error('the spool file is shorter than what was written')
        yield piece
        at += piece.length
      }
    } finally {
      room.readers--
    }
  }

  /** Gives everything back. May be called at any time and more than once. */
  async release(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#room.memory.release(this.#memoryReserved + this.#queued)
    this.#room.spool.release(this.#spoolReserved)
    this.#room.written -= this.#written
    this.#written = 0
    this.#memory = []
    this.#queue = []
    this.#queued = 0
    await this.#spool?.close()
    if (this.#file) this.#room.files.release(1)
  }

  /** At the pace so far; of an upload without an announced length, by its age. */
  #isSlow(): boolean {
    const age = performance.now() - this.#since
    if (age < judgedAfter) return false
    const expected = Math.max(this.#length, this.#announced)
    return (age * expected) / this.#length > slowAfter
  }

  #pauseAt(): number {
    return this.#room.memory.used >= this.#room.memory.limit * 0.7 ? pauseAtPressed : pauseAt
  }

  /** The memory is given back only once the spool has room: an upload that was admitted must not lose its place. */
  async #moveSlow(): Promise<void> {
    this.#moving = true
    const refused = this.#takeFile() ?? (await this.#growSpool(Math.max(this.#memoryReserved, this.#length)))
    if (!refused && !this.#spooling && !this.#closed && !this.#whole) this.#spill()
  }

  /** Moves to the spool what is in memory; the reservation goes over to the queue, which gives it back as it is written. */
  #spill(): void {
    this.#failure = this.#takeFile()
    if (this.#failure) return
    this.#spooling = true
    this.#room.memory.release(this.#memoryReserved - this.#kept)
    this.#memoryReserved = this.#kept
    for (const chunk of this.#memory) this.#enqueue(chunk)
    this.#memory = []
    this.#starts = []
    this.#memoryUsed = 0
  }

  #enqueue(chunk: Buffer): void {
    if (this.#closed || this.#failure) return
    this.#queue.push(chunk)
    this.#queued += chunk.length
    this.#room.memory.force(chunk.length)
    this.#writing ??= this.#drain()
  }

  async #drain(): Promise<void> {
    try {
      this.#spool ??= await SpoolFile.open(this.#room.directory)
      while (this.#queue.length > 0 && !this.#closed && !this.#failure) await this.#writeBatch(this.#spool)
    } catch (error) {
      this.#failure = diskViolation(error)
    } finally {
      this.#writing = null
      if (this.#closed) await this.#spool?.close()
    }
  }

  async #write(spool: SpoolFile, batch: readonly Buffer[], bytes: number): Promise<void> {
    await withinDeadline(spool.append(batch))
    for (const chunk of batch) giveBack(chunk)
    if (this.#closed) return
    this.#written += bytes
    this.#room.written += bytes
  }

  async #writeBatch(spool: SpoolFile): Promise<void> {
    const batch = this.#queue
    const bytes = this.#queued
    this.#queue = []
    const missing = spool.size + bytes - this.#spoolReserved
    if (missing > 0) this.#failure = await this.#growSpool(Math.max(missing, spoolStep))
    if (!this.#failure) await this.#write(spool, batch, bytes)
    if (this.#closed) return
    this.#queued -= bytes
    this.#room.memory.release(bytes)
  }
}

function firstAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] as number) <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}
