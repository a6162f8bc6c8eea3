import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from './clock.ts'
import { expectReceived } from './expect.ts'
import type { Slow, SlowReport } from './order.ts'
import { watchPunctuality } from './pace.ts'
import { noise, noisePieces, uploadForm } from './payloads.ts'
import { count, nameOf, write, writeAll } from './transfer.ts'
import { startWheel } from './wheel.ts'
import { type Answer, openWire, type Wire } from './wire.ts'

/** Milliseconds between one beginning and the next, and from the last one until the load counts as standing. */
const apart = 2
const calm = 500
const slots = 50

/** Uploads begin one after the other; each gets a piece in its turn until `stop`, and some then the rest of their file. */
export async function slow(order: Slow, stop: AbortSignal, running: () => void): Promise<SlowReport> {
  const failed: Record<string, number> = {}
  const uploads: SlowUpload[] = []
  const { late, report } = watchPunctuality()
  const wheel = startWheel(slots, order.period, (slot, lateness) => {
    late(lateness)
    for (let at = slot; at < uploads.length; at += slots) uploads[at]?.feed()
  })
  try {
    for (let begun = 0; begun < order.uploads && !stop.aborted; begun += 1) {
      uploads.push(new SlowUpload(order, failed))
      await sleep(apart)
    }
    await sleep(calm)
    running()
    if (!stop.aborted) await once(stop, 'abort')
    wheel.stop()
    const told = report()
    const alive = uploads.filter((upload) => upload.isAlive())
    const rate = alive.reduce((sum, upload) => sum + upload.rate(), 0) / alive.length
    const sample = spreadOver(alive, order.finish)
    for (const upload of alive) if (!sample.has(upload)) upload.leave()
    const finished = await Promise.all([...sample].map((upload) => upload.finish()))
    const ended = { asked: sample.size, finished: finished.filter(Boolean).length, failed }
    return { begun: uploads.length, alive: alive.length, ...ended, rate, ...told }
  } finally {
    wheel.stop()
    for (const upload of uploads) upload.leave()
  }
}

function spreadOver<T>(items: readonly T[], most: number): Set<T> {
  const step = Math.max(1, items.length / most)
  return new Set(Array.from({ length: Math.min(most, items.length) }, (_, at) => items[Math.floor(at * step)] as T))
}

class SlowUpload {
  readonly #order: Slow
  readonly #failed: Record<string, number>
  readonly #form: ReturnType<typeof uploadForm>
  readonly #piece: Buffer
  readonly #begin = now()
  #wire: Wire | null = null
  #answer: Promise<Answer> | null = null
  #sent = 0
  /** Whether its end is the generator's doing, or has been counted. */
  #over = false

  constructor(order: Slow, failed: Record<string, number>) {
    this.#order = order
    this.#failed = failed
    this.#form = uploadForm('/files', { name: 'recording.bin', type: 'application/octet-stream', size: order.fileSize })
    this.#piece = noise(order.piece)
    void this.#open()
  }

  async #open(): Promise<void> {
    try {
      this.#wire = await openWire(this.#order.port)
      if (this.#over) return this.#wire.close()
      this.#answer = this.#wire.answer()
      void this.#watch(this.#answer)
      await this.#wire.write(this.#form.opening)
    } catch (error) {
      this.#end(nameOf(error))
    }
  }

  /** Counts an answer or an end before all has been sent. */
  async #watch(answer: Promise<Answer>): Promise<void> {
    try {
      this.#end(`status ${(await answer).status}`)
    } catch (error) {
      this.#end(nameOf(error))
    }
  }

  #end(how: string): void {
    if (this.#over) return
    count(this.#failed, how)
    this.leave()
  }

  /** Sends a piece, unless the contender has not taken the last one yet, or the file would be whole. */
  feed(): void {
    if (!this.isAlive() || this.#wire?.backlog() !== 0) return
    if (this.#sent + this.#piece.length >= this.#order.fileSize) return
    this.#sent += this.#piece.length
    this.#wire.write(this.#piece).catch((error: unknown) => this.#end(nameOf(error)))
  }

  isAlive(): boolean {
    return !this.#over && this.#answer !== null && this.#wire?.isOpen() === true
  }

  /** Bytes in a second so far. */
  rate(): number {
    return (this.#sent * 1000) / (now() - this.#begin)
  }

  /** Sends the rest. Resolves with whether the file arrived whole. */
  async finish(): Promise<boolean> {
    const [wire, answer] = [this.#wire, this.#answer]
    if (wire === null || answer === null) return false
    this.#over = true
    try {
      await writeAll(wire, noisePieces(this.#order.fileSize, this.#sent), answer)
      await write(wire, this.#form.closing, answer)
      expectReceived(await answer, this.#order.fileSize)
      return true
    } catch (error) {
      count(this.#failed, nameOf(error))
      return false
    } finally {
      this.leave()
    }
  }

  leave(): void {
    this.#over = true
    this.#wire?.close()
  }
}
