import type { ReadWindow } from '../read-window.ts'
import { type DirectoryRecord, readRecord } from './record.ts'

/** In bytes; other sizes of a block are in the standard and nowhere else. */
export const sectorSize = 2048
const firstDescriptor = 16
/** Descriptors that are read at most; images have three to eight. */
const mostDescriptors = 64

/** A tree of folders: an image has the same files in several, each for other systems. */
export interface Tree {
  readonly root: DirectoryRecord
  /** Names in UCS-2. */
  readonly isJoliet: boolean
}

export interface Descriptors {
  /** The one with the better names first. */
  readonly trees: readonly Tree[]
  /** Another file system in the same image, which some systems prefer, with a tree of its own. */
  readonly other: string | null
}

/** ECMA-119 section 8, and the recognition sequence that ECMA-167 puts after it. Null where it is no ISO 9660 image. */
export function readDescriptors(read: ReadWindow): Descriptors | null {
  const trees: Tree[] = []
  let other = hierarchical(read(1024, 1026).toString('latin1'))
  for (let index = 0; index < mostDescriptors; index += 1) {
    const at = (firstDescriptor + index) * sectorSize
    const descriptor = read(at, at + sectorSize)
    const mark = descriptor.toString('latin1', 1, 6)
    if (/^NSR0[23]$/.test(mark)) other = 'a UDF file system'
    if (!/^(?:CD001|BEA01|NSR0[23]|TEA01|BOOT2)$/.test(mark) || descriptor.length < sectorSize) break
    if (mark === 'CD001' && (descriptor[0] === 1 || descriptor[0] === 2)) addTree(trees, descriptor)
  }
  return trees.length === 0 ? null : { trees, other }
}

function hierarchical(mark: string): string | null {
  return mark === 'BD' || mark === 'H+' || mark === 'HX' ? 'an HFS file system' : null
}

/** A supplementary descriptor without escape sequences of Joliet is an enhanced one, with names in bytes. */
function addTree(trees: Tree[], descriptor: Buffer): void {
  const isJoliet = descriptor[0] === 2 && /^%\/[@CE]/.test(descriptor.toString('latin1', 88, 91))
  const root = readRecord(descriptor.subarray(156))
  if (root === null || descriptor.readUInt16LE(128) !== sectorSize) return
  if (isJoliet) trees.unshift({ root, isJoliet })
  else trees.push({ root, isJoliet })
}
