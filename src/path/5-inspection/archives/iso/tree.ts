import type { Bytes } from '../../bytes.ts'
import { nameText } from '../name-text.ts'
import { sectorSize, type Tree } from './descriptors.ts'
import { type DirectoryRecord, readRecord } from './record.ts'
import { type RockRidge, readRockRidge } from './rock-ridge.ts'

export interface DiskMember extends Omit<RockRidge, 'name'> {
  /** With its folders. */
  readonly name: string
  readonly record: DirectoryRecord
}

interface Folder {
  readonly path: string
  readonly record: DirectoryRecord
}

/** The longest path that is followed: folders in folders would else make each name longer than the last. */
const longestPath = 1024

export interface Disk {
  readonly bytes: Bytes
  /** Told the path of a folder that cannot be read to its end. */
  readonly onDamage: (path: string) => void
}

/** All members of a tree, folders before what is in them, each folder once. */
export function* membersOf(tree: Tree, disk: Disk): Generator<DiskMember> {
  const { bytes, onDamage } = disk
  // Folders that overlap would have more in all.
  const budget = { blocks: Math.ceil(bytes.size / sectorSize) }
  const waiting: Folder[] = [{ path: '', record: tree.root }]
  const seen = new Set([tree.root.block])
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const record of recordsOf(folder, disk, budget)) {
      const described = describe(record, tree.isJoliet, bytes)
      const path = `${folder.path}${described.name}`
      yield { ...described, name: path, record }
      if (!record.isFolder || seen.has(record.block)) continue
      seen.add(record.block)
      if (path.length > longestPath) onDamage(path)
      else waiting.push({ path: `${path}/`, record })
    }
  }
}

/** Records do not go over the end of a block; the first two are the folder itself and its parent. */
function* recordsOf(
  { path, record }: Folder,
  { bytes, onDamage }: Disk,
  budget: { blocks: number },
): Generator<DirectoryRecord> {
  const start = record.block * sectorSize
  const end = start + record.size
  let at = start
  while (at < end) {
    if (at % sectorSize === 0) budget.blocks -= 1
    const blockEnd = at - (at % sectorSize) + sectorSize
    const rest = bytes.read(at, Math.min(blockEnd, end))
    if (rest.length === 0 || budget.blocks < 0) return onDamage(path)
    if (rest[0] === 0) {
      at = blockEnd
      continue
    }
    const entry = readRecord(rest)
    if (entry === null) return onDamage(path)
    if (entry.name.length !== 1 || (entry.name[0] ?? 0) > 1) yield entry
    at += entry.length
  }
}

function describe(record: DirectoryRecord, isJoliet: boolean, bytes: Bytes): RockRidge & { readonly name: string } {
  if (isJoliet) return { name: withoutVersion(wide(record.name)), mode: 0, isMoved: false, isCompressed: false }
  const described = readRockRidge(record.systemUse, bytes)
  return { ...described, name: described.name ?? withoutVersion(nameText(record.name)) }
}

/** UCS-2, the high byte first. */
function wide(name: Buffer): string {
  return Buffer.from(name.subarray(0, name.length - (name.length % 2)))
    .swap16()
    .toString('utf16le')
}

function withoutVersion(name: string): string {
  return name.replace(/\.?;[0-9]{1,5}$/, '')
}
