import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SettledConfiguration } from '../../config/snapshot.ts'
import { withinDeadline } from '../../disk-deadline.ts'
import { sizeInWords } from '../../policy/words.ts'
import { describeFault } from '../../printable.ts'
import { type Diagnosis, fine, worse } from './diagnosis.ts'

interface Room {
  /** Bytes that may be put there. */
  readonly size: number
  /** Bytes that must stay free. */
  readonly keepFree: number
}

/** The folders and files that the gateway writes to. Writes nothing. */
export function checkDisk({ hold, audit, ledger, quarantine }: SettledConfiguration): Promise<Diagnosis>[] {
  const { spool } = hold
  const checks = [told('spool', checkFolder('spool', spool.directory, spool))]
  if (quarantine !== null && quarantine.directory !== null)
    checks.push(told('quarantine', checkNewFolder('quarantine', quarantine.directory, quarantine)))
  if (audit.file !== null) checks.push(told('audit', checkFile('audit', audit.file)))
  if (ledger.file !== null) checks.push(told('ledger', checkFile('ledger', ledger.file)))
  return checks
}

/** What goes wrong with one disk must not keep the others from being told of. */
async function told(what: string, check: Promise<Diagnosis>): Promise<Diagnosis> {
  try {
    return await check
  } catch (error) {
    return worse('fail', what, describeFault(error), 'mend or mount its disk again')
  }
}

/** A folder that is made where it is missing, with all above it. */
async function checkNewFolder(what: string, folder: string, room: Room): Promise<Diagnosis> {
  if ((await whyNot(folder, constants.F_OK)) !== missing) return checkFolder(what, folder, room)
  const above = await nearest(folder)
  const reason = await whyNot(above, constants.W_OK | constants.X_OK)
  if (reason !== null) return worse('fail', what, `${above}: ${reason}`, inaccessible(folder))
  const { detail, ...rest } = await checkRoom(what, above, room)
  return { ...rest, detail: `${folder} will be made; ${detail}` }
}

/** The folder itself, or the lowest above it that is there. */
async function nearest(folder: string): Promise<string> {
  const above = dirname(folder)
  return above === folder || (await whyNot(above, constants.F_OK)) !== missing ? above : nearest(above)
}

async function checkFolder(what: string, folder: string, room: Room): Promise<Diagnosis> {
  const reason = await whyNot(folder, constants.W_OK | constants.X_OK)
  return reason === null
    ? checkRoom(what, folder, room)
    : worse('fail', what, `${folder}: ${reason}`, inaccessible(folder))
}

async function checkRoom(what: string, folder: string, { size, keepFree }: Room): Promise<Diagnosis> {
  const { bavail, bsize } = await withinDeadline(statfs(folder))
  const free = bavail * bsize
  const detail = `${folder} has ${sizeInWords(free)} free`
  const wanted = `${sizeInWords(size)} and keepFree of ${sizeInWords(keepFree)}`
  const fix = `make room on its disk, or lower size or keepFree of ${what}, so that ${wanted} fit`
  if (free <= keepFree) return worse('fail', what, `${detail}, and ${sizeInWords(keepFree)} must stay free`, fix)
  if (free < keepFree + size) return worse('warn', what, `${detail}, less than its size and keepFree`, fix)
  return fine(what, detail)
}

async function checkFile(what: string, file: string): Promise<Diagnosis> {
  const folder = dirname(file)
  const reason = await whyNot(file, constants.W_OK)
  if (reason === null) return fine(what, `${file} can be written`)
  if (reason !== missing) return worse('fail', what, `${file}: ${reason}`, inaccessible(file))
  const beyond = await whyNot(folder, constants.W_OK | constants.X_OK)
  if (beyond === null) return fine(what, `${file} can be made`)
  return worse('fail', what, `${folder}: ${beyond}`, inaccessible(folder))
}

const missing = 'it does not exist'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: missing,
  EACCES: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'it is not in a folder',
}

async function whyNot(path: string, mode: number): Promise<string | null> {
  try {
    await withinDeadline(access(path, mode))
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return reasons[code] ?? (code === 'ETIMEDOUT' ? 'the disk does not answer' : code)
  }
}

function inaccessible(path: string): string {
  return `make ${path}, and let the user that runs sluice write there`
}
