import type { Bytes } from '../../bytes.ts'
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
export function readDescriptors(bytes: Bytes): Descriptors | null {
  const trees: Tree[] = []
  let other = hierarchical(bytes.read(1024, 1026).toString('latin1'))
  for (let index = 0; index < mostDescriptors; index += 1) {
    const at = (firstDescriptor + index) * sectorSize
    const descriptor = bytes.read(at, at + sectorSize)
    const mark = descriptor.toString('latin1', 1, 6)
    if (/^NSR0[23]$/.test(mark)) other = 'a UDF file system'
    if (!/^(?:CD001|BEA01|NSR0[23]|TEA01|BOOT2)$/.test(mark) || descriptor.length < sectorSize) break
    if (mark === 'CD001' && (descriptor[0] === 1 || descriptor[0] === 2)) addTree(trees, descriptor)
  }
  return trees.length === 0 ? null : { trees: trees.toSorted((a, b) => rankOf(a, bytes) - rankOf(b, bytes)), other }
}

function hierarchical(mark: string): string | null {
  return mark === 'BD' || mark === 'H+' || mark === 'HX' ? 'an HFS file system' : null
}

/** A supplementary descriptor without escape sequences of Joliet is an enhanced one, with names in bytes. */
function addTree(trees: Tree[], descriptor: Buffer): void {
  const isJoliet = descriptor[0] === 2 && /^%\/[@CE]/.test(descriptor.toString('latin1', 88, 91))
  const root = readRecord(descriptor.subarray(156))
  if (root === null || descriptor.readUInt16LE(128) !== sectorSize) return
  trees.push({ root, isJoliet })
}

/** Rock Ridge has whole names, Joliet the first 64 or 103 characters, and else there are eight and three. */
function rankOf({ root, isJoliet }: Tree, bytes: Bytes): number {
  if (isJoliet) return 1
  const self = readRecord(bytes.read(root.block * sectorSize, root.block * sectorSize + 256))
  return self?.systemUse.toString('latin1').includes('SP\x07\x01') === true ? 0 : 2
}
