import type { ListedMember } from '../libarchive/reader.ts'

/** What the headers of a RAR archive say, nothing unpacked. */
export interface RarVolume {
  readonly members: readonly ListedMember[]
  /** Offset of the first byte after the last header and its data. */
  readonly end: number
  /** Whether a header says that this is the end; the oldest archives have none. */
  readonly isEnded: boolean
  /** One of a set of files. */
  readonly isPart: boolean
  readonly hasEncryptedHeaders: boolean
  /** A clause, where the headers cannot be followed to the end. */
  readonly defect: string | null
}

/** One header, and where the next one begins. */
export interface RarBlock {
  readonly next: number
  readonly member?: ListedMember
  readonly isPart?: boolean
  readonly isLast?: boolean
  readonly hasEncryptedHeaders?: boolean
}

/** Headers that are followed at most, of whatever kind. */
const mostBlocks = 200_000

/** Follows headers from `start` to the last one; `read` gives null where one contradicts itself. */
export function walkRar(start: number, size: number, read: (at: number) => RarBlock | null): RarVolume {
  const members: ListedMember[] = []
  let [isPart, isEnded] = [false, false]
  const result = (end: number, defect: string | null, hasEncryptedHeaders = false): RarVolume => {
    return { members, end, isEnded, isPart, hasEncryptedHeaders, defect }
  }
  let at = start
  for (let count = 0; at < size && !isEnded; count += 1) {
    const block = count < mostBlocks ? read(at) : null
    if (block === null) return result(at, `at offset ${at} is no header that can be read`)
    isPart ||= block.isPart === true
    if (block.member !== undefined) members.push(block.member)
    if (block.hasEncryptedHeaders === true) return result(size, null, true)
    if (block.next > size) return result(size, 'it is cut off')
    at = block.next
    isEnded = block.isLast === true
  }
  return result(at, null)
}
