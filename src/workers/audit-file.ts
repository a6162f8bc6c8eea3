import { setTimeout as delay } from 'node:timers/promises'
import { type AppendFile, type OpenFile, openAppendFile } from '../path/9-record/append-file.ts'
import type { Appended, PrimaryQuestions } from './messages.ts'
import type { Peer } from './peer.ts'

/** Milliseconds. */
const longestClose = 5000

/**
 * The audit file of several workers. The primary is its only writer: who takes back half a line from a full disk must
 * know that nobody has appended since.
 */
export interface SharedAuditFile {
  /** After those before it. Nothing of it rejects: a file that cannot be opened has written nothing. */
  append(lines: Uint8Array): Promise<Appended>
  /** What follows goes to the file that then has the name. */
  reopen(): void
  /** After what is under way, within a deadline. */
  close(): Promise<void>
}

/** Rejects where the file cannot be opened. */
export async function openSharedAuditFile(path: string, openFile?: OpenFile): Promise<SharedAuditFile> {
  let file: AppendFile | null = await openAppendFile(path, openFile)
  let reopenWanted = false
  let last: Promise<unknown> = Promise.resolve()

  async function shut(): Promise<void> {
    const closing = file
    file = null
    await closing?.close()
  }

  async function append(lines: Uint8Array): Promise<Appended> {
    try {
      if (reopenWanted) await shut()
      reopenWanted = false
      file ??= await openAppendFile(path, openFile)
      const { written, error } = await file.append([asBuffer(lines)])
      if (error !== null) await shut()
      return { written, error: error && plainError(error) }
    } catch (error) {
      return { written: 0, error: plainError(error) }
    }
  }

  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = last.then(act)
    last = done.catch(() => undefined)
    return done
  }

  return {
    append: (lines) => inTurn(() => append(lines)),
    reopen() {
      reopenWanted = true
      // A file without a name would be kept open, and a new one not be made, until somebody asks for something.
      void inTurn(() => append(new Uint8Array()))
    },
    async close() {
      // Closing a handle waits for its writes, which do not end where the disk hangs.
      await Promise.race([inTurn(shut), delay(longestClose, undefined, { ref: false })])
    },
  }
}

/** The same file, from a worker: its lines wait there until the primary has written those before. */
export function auditFileOf(primary: Peer<PrimaryQuestions>): AppendFile {
  return {
    async append(lines) {
      const { written, error } = await primary.ask('appendAudit', Buffer.concat(lines), { deadline: null })
      return { written, error: error && Object.assign(new Error(error.message), error) }
    },
    close: async () => {},
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function plainError(error: unknown): NonNullable<Appended['error']> {
  const { message, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  return code === undefined ? { message } : { message, code }
}
