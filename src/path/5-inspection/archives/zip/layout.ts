import type { Bytes } from '../../bytes.ts'
import { shown } from '../../shown.ts'
import { descriptorLength } from './descriptor.ts'
import { descriptorFlag, hasData, isFolder, type ZipEntry } from './entry.ts'
import { localDefects } from './local-defects.ts'
import { type LocalHeader, localHeaderOf } from './local-header.ts'
import { isPadding } from './padding.ts'

/** Follows the members of an archive through the file. All strings are clauses about what can be read in two ways. */
export interface Layout {
  /** About a member, which is the next one in the file, and what stands before it. `next` begins what follows it. */
  follow(entry: ZipEntry, next: number): string[]
  /** About what stands between the last member and this offset. */
  finish(directory: number): string[]
}

export function layoutOf(bytes: Bytes): Layout {
  let position = 0
  let last: ZipEntry | null = null
  const before = (offset: number, what: string): string[] => {
    if (isPadding(bytes, position, offset)) return []
    const where = last === null ? `before ${what}` : `between ${described(last)} and ${what}`
    return [`${offset - position} bytes that belong to no member stand ${where}`]
  }
  const overlap = (what: string): string[] => [
    `${last === null ? 'the beginning' : described(last)} and ${what} overlap`,
  ]
  return {
    follow(entry, next) {
      // Nor is its header looked at: members that share a long one would have it read once for each of them.
      if (entry.headerOffset < position) return overlap(described(entry))
      const local = localHeaderOf(bytes, entry)
      const between = entry.headerOffset === position ? [] : before(entry.headerOffset, described(entry))
      last = entry
      if (local === null) {
        position = Math.max(next, entry.headerOffset)
        return [`no header of ${described(entry)} stands where the directory says`]
      }
      const { end, defects } = extentOf(bytes, entry, local, next)
      position = end
      return [...between, ...defects]
    },
    finish(directory) {
      if (directory < position) return overlap('the directory')
      return directory === position ? [] : before(directory, 'the directory')
    },
  }
}

function described(entry: ZipEntry): string {
  return `the member ${shown(entry.name)}`
}

interface Extent {
  readonly end: number
  readonly defects: string[]
}

function extentOf(bytes: Bytes, entry: ZipEntry, local: LocalHeader, next: number): Extent {
  const defects = localDefects(entry, local)
  if (isFolder(entry) && hasData(entry)) defects.push(`the folder ${shown(entry.name)} has data of its own`)
  const length = closingLength(bytes, entry, local, next)
  if (length === null) defects.push(`the descriptor after ${described(entry)} disagrees with the directory`)
  return { end: local.dataStart + entry.packed + (length ?? 0), defects }
}

/** Length of the data descriptor, 0 where there is none; null where it disagrees. */
function closingLength(bytes: Bytes, entry: ZipEntry, local: LocalHeader, next: number): number | null {
  if ((local.flags & descriptorFlag) === 0) return 0
  const end = local.dataStart + entry.packed
  const length = descriptorLength(bytes, entry, end, next)
  // Some writers announce a descriptor, write none, and have all that it would say in the header.
  const isComplete = local.packed === entry.packed && local.size === entry.size && local.crc === entry.crc
  return length === null && isComplete && end === next ? 0 : length
}
