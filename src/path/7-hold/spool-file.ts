import { randomUUID } from 'node:crypto'
import { close, constants, open, read, unlink, writev } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withinDeadline } from '../../disk-deadline.ts'

const openFile = promisify(open)
const closeFile = promisify(close)
const unlinkFile = promisify(unlink)

/** Linux' O_TMPFILE: a file that never has a name. Node does not export the flag. */
const O_TMPFILE = 0o20200000

/** An unlinked file: it vanishes with the process, whatever ends the process. */
export class SpoolFile {
  readonly #fd: number
  #closed = false
  /** Reads and writes under way; the descriptor is closed only after them, since its number may be given out anew. */
  #busy = 0
  #size = 0

  private constructor(fd: number) {
    this.#fd = fd
  }

  static async open(directory: string): Promise<SpoolFile> {
    const opening = openUnlinked(directory)
    try {
      return new SpoolFile(await withinDeadline(opening))
    } catch (error) {
      // One that opens after all must not stay open.
      opening.then(closeFile).catch(() => undefined)
      throw error
    }
  }

  get size(): number {
    return this.#size
  }

  /** Appends all bytes. A full disk shows first as a short count, then as ENOSPC: both end in the error. */
  async append(chunks: readonly Buffer[]): Promise<void> {
    let rest = chunks
    while (rest.length > 0) {
      const position = this.#size
      const written = await this.#guard((done) => writev(this.#fd, rest as Buffer[], position, done))
      if (written === 0) throw Object.assign(new Error('the spool takes no more bytes'), { code: 'ENOSPC' })
      this.#size += written
      rest = withoutFirst(rest, written)
    }
  }

  /** Bytes from `start` to before `end`; a shorter buffer only where the file ends. */
  async read(start: number, end: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(Math.max(0, end - start))
    let filled = 0
    while (filled < buffer.length) {
      const at = filled
      const count = await this.#guard((done) => read(this.#fd, buffer, at, buffer.length - at, start + at, done))
      if (count === 0) break
      filled += count
    }
    return filled === buffer.length ? buffer : buffer.subarray(0, filled)
  }

  /** Never rejects: what a disk says to a close changes nothing any more. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#busy === 0) await withinDeadline(closeFile(this.#fd)).catch(() => undefined)
  }

  #guard(start: (done: (error: NodeJS.ErrnoException | null, count: number) => void) => void): Promise<number> {
    if (this.#closed) return Promise.reject(new Error('the spool file is closed'))
    this.#busy++
    return new Promise((resolve, reject) => {
      start((error, count) => {
        this.#busy--
        if (this.#closed && this.#busy === 0) close(this.#fd)
        if (error) reject(error)
        else resolve(count)
      })
    })
  }
}

async function openUnlinked(directory: string): Promise<number> {
  try {
    return await openFile(directory, O_TMPFILE | constants.O_RDWR, 0o600)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EOPNOTSUPP' && code !== 'EISDIR' && code !== 'EINVAL') throw error
    return openThenUnlink(directory)
  }
}

/** For file systems without O_TMPFILE: the name exists for a moment, and tells nothing. */
async function openThenUnlink(directory: string): Promise<number> {
  const path = join(directory, `.sluice-${randomUUID()}`)
  const fd = await openFile(path, 'wx+', 0o600)
  await unlinkFile(path)
  return fd
}

function withoutFirst(chunks: readonly Buffer[], bytes: number): readonly Buffer[] {
  let left = bytes
  for (const [index, chunk] of chunks.entries()) {
    if (left < chunk.length)
      return left === 0 ? chunks.slice(index) : [chunk.subarray(left), ...chunks.slice(index + 1)]
    left -= chunk.length
  }
  return []
}
