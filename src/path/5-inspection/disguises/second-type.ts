import { fileType } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import { beginsAsZip } from '../archives/zip/signature.ts'
import type { Bytes } from '../bytes.ts'
import { readEnds } from '../detection/ends.ts'
import { endOfTags } from '../detection/id3.ts'
import { beginsAsHtml, htmlSniffed } from '../detection/text-type.ts'
import { zipDirectory } from '../detection/zip-directory.ts'
import { foreignAt } from './foreign-data.ts'

/** Old Office, mail and installers: containers, but no ZIP files. */
const compound = new Set(['doc', 'xls', 'ppt', 'msg', 'msi'])

/** Whether a type may hold other files as they are, without being them as well. What is unknown may be a container. */
function holdsFiles({ type }: DetectedType): boolean {
  return type === null || compound.has(type) || ['archive', 'data'].includes(fileType(type).family)
}

/** What else a file is beside what was detected, for people: clauses, none where it is one thing only. */
export async function secondTypes(bytes: Bytes, detected: DetectedType): Promise<string[]> {
  if (detected.type !== null && fileType(detected.type).family === 'program') return []
  const checks = [pageIn, pdfIn, discIn, tarIn, zipIn].map((check) => check(bytes, detected))
  return [await behindTags(bytes, detected), ...checks].filter((words) => words !== null)
}

/** Browsers go by the first bytes where a server declares nothing (WHATWG MIME Sniffing, §7.1). */
function pageIn(bytes: Bytes, { type }: DetectedType): string | null {
  if (type === null || fileType(type).kind === 'text') return null
  return beginsAsHtml(bytes.read(0, htmlSniffed).toString('latin1')) ? 'it begins as an HTML page does' : null
}

/** Readers take a header anywhere in the first 1,024 bytes, and find objects without a table. */
function pdfIn(bytes: Bytes, detected: DetectedType): string | null {
  if (detected.type === 'pdf' || (detected.type !== null && holdsFiles(detected)) || beginsAsZip(bytes)) return null
  if (!/%PDF-\d\.\d/.test(bytes.read(0, 1024).toString('latin1'))) return null
  const { head, tail } = readEnds(bytes)
  const text = `${head.toString('latin1')}\n${tail.toString('latin1')}`
  return /\d \d{1,5} obj\b/.test(text) && /startxref|%%EOF|\btrailer\b/.test(text)
    ? 'a PDF begins in its first KiB'
    : null
}

/** A primary, boot or other volume descriptor of ISO 9660 in its place (ECMA-119, §8.1). */
function discIn(bytes: Bytes, { type }: DetectedType): string | null {
  if (type === 'iso') return null
  const descriptor = bytes.read(32_768, 32_775).toString('latin1')
  return /^[\0-\x03\xff]CD001\x01$/.test(descriptor) ? 'it has the descriptor of a disk image' : null
}

/** The header of a first member whose checksum is right (POSIX pax, ustar interchange format). */
function tarIn(bytes: Bytes, { type }: DetectedType): string | null {
  const header = bytes.read(0, 512)
  if (type === 'tar' || header.length < 512 || header.toString('latin1', 257, 262) !== 'ustar') return null
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  return Number.parseInt(header.toString('latin1', 148, 156), 8) === sum ? 'it has the header of a tar archive' : null
}

/**
 * An archive that readers find from the end of the file. One that a container holds as a last member is known by its
 * offsets, which count from its own beginning.
 */
function zipIn(bytes: Bytes, detected: DetectedType): string | null {
  if (beginsAsZip(bytes)) return null
  const directory = zipDirectory(bytes)
  if (directory === null || directory.size === 0) return null
  if (holdsFiles(detected) && (directory.shift !== 0 || directory.after !== 0)) return null
  const member = bytes.read(directory.start, directory.start + 46)
  if (member.length < 46) return null
  const local = member.readUInt32LE(42) + directory.shift
  return local >= 0 && bytes.read(local, local + 4).toString('latin1') === 'PK\x03\x04'
    ? 'it is a ZIP archive as well'
    : null
}

/** Sound that carries tags, and behind them something that is no sound. */
async function behindTags(bytes: Bytes, { type }: DetectedType): Promise<string | null> {
  const foreign = type === 'mp3' ? await foreignAt(bytes, endOfTags(bytes)) : null
  return foreign === null ? null : `behind its tags stands a different file: ${foreign}`
}
