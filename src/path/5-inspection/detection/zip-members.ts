import { inflateRawSync } from 'node:zlib'
import { readEntries } from '../archives/zip/directory.ts'
import type { ZipEntry } from '../archives/zip/entry.ts'
import { dataStartOf } from '../archives/zip/local-header.ts'
import type { Bytes } from '../bytes.ts'
import { zipDirectory } from './zip-directory.ts'

/** Bytes of the central directory that are looked at: names only, of some ten thousand members. */
const longestDirectory = 1024 * 1024

/** The members of a ZIP file in the order of its central directory; null where it has none that can be found. */
export function zipMembers(content: Bytes): readonly ZipEntry[] | null {
  const directory = zipDirectory(content)
  if (directory === null) return null
  const { start, size, shift } = directory
  const stop = start + Math.min(size, longestDirectory)
  const { entries, end } = readEntries(content, start, stop, shift)
  return end === stop || size > longestDirectory ? entries : null
}

/** All of a member that unpacks to `longest` bytes or less, as Latin-1; null for any other. */
export function memberText(content: Bytes, entry: ZipEntry, longest: number): string | null {
  const { method, packed } = entry
  const start = packed > longest ? null : dataStartOf(content, entry)
  if (start === null) return null
  const bytes = content.read(start, start + packed)
  if (method === 0) return bytes.toString('latin1')
  return method === 8 ? inflated(bytes, longest) : null
}

function inflated(packed: Buffer, longest: number): string | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: longest }).toString('latin1')
  } catch {
    return null
  }
}
