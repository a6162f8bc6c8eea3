/**
 * The audit file. Appended to by code of our own and not by sonic-boom (pino's destination): that one keeps half a line
 * on a full disk, stops until the next write, and drops without telling how many lines.
 */
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Metrics } from '../../metrics/registry.ts'
import { oncePerMinute } from '../../once-per-minute.ts'
import { type AppendFile, type OpenFile, openAppendFile } from './append-file.ts'
import { type LineQueue, lineQueue } from './line-queue.ts'

/** Lines wait here while the file takes none; when it is full, the newest are lost, counted and logged. */
const CAPACITY = 8 * 1024 * 1024
const BATCH = 1024 * 1024
const RETRY = 1000
/** Milliseconds that closing waits for a disk that hangs. */
const CLOSE_DEADLINE = 5000

export interface AuditOptions extends AuditSettings {
  readonly file: string
  readonly openFile?: OpenFile
}

export interface AuditSettings {
  readonly metrics: Pick<Metrics, 'auditLines' | 'auditErrors'>
  readonly log: Pick<Logger, 'error'>
  /** Bytes of waiting lines. */
  readonly capacity?: number
  /** Milliseconds between attempts at a file that fails. */
  readonly retry?: number
  /** Milliseconds that lines gather before they are written; absent: those of one turn of the event loop. */
  readonly gather?: number
}

export interface Audit {
  /** Never blocks and never throws: the line is written soon, or lost and counted. */
  readonly write: (line: Buffer) => void
  /** For log rotation: what follows goes to the file that then has the name. */
  readonly reopen: () => void
  /** Writes what waits, within a deadline; what cannot be written is counted as lost. */
  readonly close: () => Promise<void>
}

/** Rejects where the file cannot be opened: a gateway that was asked for an audit does not start without one. */
export async function openAudit({ file, openFile, ...settings }: AuditOptions): Promise<Audit> {
  return openAuditOver(() => openAppendFile(file, openFile), settings)
}

/** The same over whatever lines can be appended to. */
export async function openAuditOver(open: () => Promise<AppendFile>, settings: AuditSettings): Promise<Audit> {
  const writer = new AuditWriter(open, await open(), settings)
  return {
    write: (line) => writer.write(line),
    reopen: () => writer.reopen(),
    close: () => writer.close(),
  }
}

/** One flush at a time takes what waits to the file; what comes meanwhile makes up its next batch. */
class AuditWriter {
  readonly #open: () => Promise<AppendFile>
  readonly #options: AuditSettings
  readonly #queue: LineQueue
  readonly #stop = new AbortController()
  readonly #warnOfErrors: (error: unknown) => void
  readonly #warnOfLoss: () => void
  #file: AppendFile | null
  #reopenWanted = false
  #flushing: Promise<void> | null = null

  constructor(open: () => Promise<AppendFile>, file: AppendFile, options: AuditSettings) {
    this.#open = open
    this.#file = file
    this.#options = options
    this.#queue = lineQueue(options.capacity ?? CAPACITY)
    const { log } = options
    this.#warnOfErrors = oncePerMinute((err: unknown) =>
      log.error({ err, waiting: this.#queue.lines }, 'the audit file cannot be written; lines wait in memory'),
    )
    this.#warnOfLoss = oncePerMinute(() => log.error('audit lines are lost: too many wait to be written'))
  }

  write(line: Buffer): void {
    if (this.#stop.signal.aborted || !this.#queue.push(line)) {
      this.#count('lost', 1)
      this.#warnOfLoss()
    } else {
      this.#wake()
    }
  }

  reopen(): void {
    this.#reopenWanted = true
    this.#wake()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#wake()
    const flushed = this.#flushing?.then(() => true)
    const done = await Promise.race([flushed, delay(CLOSE_DEADLINE, false, { ref: false })])
    const lost = this.#queue.lines
    if (lost > 0) {
      this.#count('lost', lost)
      this.#options.log.error({ lost }, 'audit lines are lost: the gateway stops and the file takes none')
    }
    this.#queue.clear()
    // Closing a handle waits for its writes, which do not end where the disk hangs.
    if (done === true) await this.#shut().catch(this.#warnOfErrors)
  }

  #wake(): void {
    if (this.#flushing !== null) return
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = null
      // A line can have come after the flush looked for the last time.
      if (this.#queue.lines > 0 && !this.#stop.signal.aborted) this.#wake()
    })
  }

  async #flush(): Promise<void> {
    const { signal } = this.#stop
    await this.#gather(signal)
    for (; this.#queue.lines > 0 || this.#reopenWanted; await this.#gather(signal)) {
      const error = await this.#step()
      if (error === null) continue
      this.#options.metrics.auditErrors.inc()
      this.#warnOfErrors(error)
      if (signal.aborted) return
      await delay(this.#options.retry ?? RETRY, undefined, { ref: false, signal }).catch(() => undefined)
    }
  }

  async #gather(signal: AbortSignal): Promise<void> {
    const { gather } = this.#options
    if (gather === undefined) await nextTurn()
    else await delay(gather, undefined, { signal }).catch(() => undefined)
  }

  /** One batch to the file. After a failure the file is opened anew: it may have been moved, or its disk be another. */
  async #step(): Promise<unknown> {
    try {
      if (this.#reopenWanted) await this.#shut()
      this.#reopenWanted = false
      this.#file ??= await this.#open()
      if (this.#queue.lines === 0) return null
      const { written, error } = await this.#file.append(this.#queue.take(BATCH))
      this.#count('written', this.#queue.settle(written))
      if (error !== null) await this.#shut()
      return error
    } catch (error) {
      return error
    }
  }

  async #shut(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  #count(result: 'written' | 'lost', lines: number): void {
    this.#options.metrics.auditLines.of({ result }).inc(lines)
  }
}
