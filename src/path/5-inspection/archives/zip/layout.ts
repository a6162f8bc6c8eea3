import type { Bytes } from '../../bytes.ts'
import { shown } from '../../shown.ts'
import { descriptorLength } from './descriptor.ts'
import { descriptorFlag, type ZipEntry } from './entry.ts'
import type { LocalHeader } from './local-header.ts'
import { isPadding } from './padding.ts'

/** In the order in which the members stand in the file. */
export function inFileOrder(entries: readonly ZipEntry[]): readonly ZipEntry[] {
  const isOrdered = entries.every((entry, index) => index === 0 || offsetAt(entries, index - 1) <= entry.headerOffset)
  return isOrdered ? entries : entries.toSorted((a, b) => a.headerOffset - b.headerOffset)
}

function offsetAt(entries: readonly ZipEntry[], index: number): number {
  return entries[index]?.headerOffset ?? 0
}

/** Follows the members of an archive through the file, and says what lies between them. */
export interface Layout {
  /** Clauses about what lies before this member. Members come in the order of the file. */
  begin(entry: ZipEntry): string[]
  /** Clauses about where its data ends. `next`: where the next structure is to begin. */
  end(entry: ZipEntry, local: LocalHeader | null, next: number): string[]
  /** Clauses about what lies between the last member and this offset. */
  finish(directory: number): string[]
}

export function layoutOf(bytes: Bytes): Layout {
  let position = 0
  let last: ZipEntry | null = null
  const before = (offset: number, what: string): string[] => {
    if (offset < position) return [`${describe(last)} and ${what} overlap`]
    if (offset === position || isPadding(bytes, position, offset)) return []
    const where = last === null ? `before ${what}` : `between ${describe(last)} and ${what}`
    return [`${offset - position} bytes that belong to no member stand ${where}`]
  }
  return {
    begin(entry) {
      const defects = before(entry.headerOffset, describe(entry))
      last = entry
      return defects
    },
    end(entry, local, next) {
      const { end, defects } = extentOf(bytes, entry, local, next)
      position = Math.max(position, end)
      return defects
    },
    finish: (directory) => before(directory, 'the directory'),
  }
}

function describe(entry: ZipEntry | null): string {
  return entry === null ? 'the beginning' : `the member ${shown(entry.name)}`
}

interface Extent {
  readonly end: number
  readonly defects: string[]
}

function extentOf(bytes: Bytes, entry: ZipEntry, local: LocalHeader | null, next: number): Extent {
  if (local === null) return { end: next, defects: [] }
  const end = local.dataStart + entry.packed
  if ((local.flags & descriptorFlag) === 0) return { end, defects: [] }
  const length = descriptorLength(bytes, entry, end, next)
  if (length !== null) return { end: end + length, defects: [] }
  // Some writers announce a descriptor, write none, and have all that it would say in the header.
  const isComplete = local.packed === entry.packed && local.size === entry.size && local.crc === entry.crc
  if (isComplete && end === next) return { end, defects: [] }
  return { end, defects: [`the descriptor of the member ${shown(entry.name)} disagrees with the directory`] }
}
