import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { withinDeadline } from '../disk-deadline.ts'
import { syncFolder } from '../sync-folder.ts'
import type { Ledger, LedgerRecord, WrittenRecord } from './ledger.ts'
import { ledgerLine, readLedgerLine, writtenSubject } from './ledger-line.ts'

/** Names and reasons of people stand in it: nobody else reads it. */
const mode = 0o600

const appending = constants.O_RDWR | constants.O_APPEND
const lineEnd = 0x0a

/** How far back is looked for what was done to a subject; tens of thousands of records. */
const longestLook = 16 * 1024 * 1024

/**
 * The ledger in a file of JSON lines, which several processes may append to. It is opened for each record, so that
 * somebody may move it away meanwhile. Rejects where the file cannot be opened or made.
 */
export async function openLedger({ file }: { readonly file: string }): Promise<Ledger> {
  const handle = await openOrMake(file)
  await handle.close()
  return {
    append: (record) => withinDeadline(append(file, record)),
    about: (subject) => withinDeadline(about(file, subject)),
  }
}

async function append(file: string, record: LedgerRecord): Promise<void> {
  const handle = await openOrMake(file)
  try {
    const line = ledgerLine(record, new Date())
    const bytes = (await endsInLine(handle)) ? line : Buffer.concat([Buffer.from('\n'), line])
    // One write, so that lines of several processes do not mix; half a line of a full disk is left to `endsInLine`.
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length, null)
    if (bytesWritten < bytes.length) throw new Error(`${file} took only a part of a record`)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** False behind a line that a crash or a full disk tore: what follows must not continue it. */
async function endsInLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  if (size === 0) return true
  const last = Buffer.alloc(1)
  await handle.read(last, 0, 1, size - 1)
  return last[0] === lineEnd
}

async function openOrMake(file: string): Promise<FileHandle> {
  try {
    return await openRegular(file)
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error
  }
  const handle = await open(file, appending | constants.O_CREAT, mode)
  try {
    await syncFolder(dirname(file))
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A pipe or a device keeps nothing, and may hold who writes to it. */
async function openRegular(file: string): Promise<FileHandle> {
  const handle = await open(file, appending | constants.O_NONBLOCK)
  try {
    if ((await handle.stat()).isFile()) return handle
    throw new Error(`${file} is no regular file`)
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function about(file: string, subject: string): Promise<readonly WrittenRecord[]> {
  const written = writtenSubject(subject)
  return linesWith(await tail(file), written)
    .map(readLedgerLine)
    .filter((record) => record !== null)
    .filter((record) => writtenSubject(record.subject) === written)
}

/** Looked for in the bytes: to make a text of all of it would hold up others for longer than everything else. */
function linesWith(bytes: Buffer, mention: string): string[] {
  const lines: string[] = []
  for (let at = bytes.indexOf(mention); at !== -1; ) {
    const end = bytes.indexOf(lineEnd, at)
    const past = end === -1 ? bytes.length : end
    lines.push(bytes.toString('utf8', bytes.lastIndexOf(lineEnd, at) + 1, past))
    at = bytes.indexOf(mention, past)
  }
  return lines
}

async function tail(file: string): Promise<Buffer> {
  const handle = await openOrMake(file)
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.allocUnsafeSlow(Math.min(size, longestLook))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, size - bytes.length)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
