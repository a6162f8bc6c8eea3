import type { Bytes } from '../bytes.ts'
import { readWithin } from './windows.ts'

/** What the root of a compound file ([MS-CFB]) holds: its class, and the names of its streams and storages. */
export interface CompoundRoot {
  /** Lower-case hexadecimal of the 16 bytes as they stand. */
  readonly classId: string
  readonly names: readonly string[]
}

export const compoundSignature = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** Bounds on a chain that may be circular or absurdly long: sectors of the directory, and of the table of tables. */
const mostDirectorySectors = 256
const mostTableSectors = 256
const noStream = 0xffffffff

interface Layout {
  readonly content: Bytes
  readonly sectorSize: number
  readonly header: Buffer
}

/** The root storage, or null where header or directory cannot be read. */
export function compoundRoot(content: Bytes): CompoundRoot | null {
  const header = readWithin(content, 0, 512)
  const shift = header.length < 512 ? 0 : header.readUInt16LE(0x1e)
  if ((shift !== 9 && shift !== 12) || !header.subarray(0, 8).equals(compoundSignature)) return null
  const directory = readDirectory({ content, sectorSize: 2 ** shift, header })
  if (directory.length < 128) return null
  return { classId: directory.toString('hex', 0x50, 0x60), names: childrenOf(directory) }
}

function readSector({ content, sectorSize }: Layout, sector: number): Buffer {
  return readWithin(content, (sector + 1) * sectorSize, sectorSize)
}

function readDirectory(layout: Layout): Buffer {
  const sectors: Buffer[] = []
  let sector = layout.header.readUInt32LE(0x30)
  while (sector < 0xfffffffa && sectors.length < mostDirectorySectors) {
    const bytes = readSector(layout, sector)
    if (bytes.length < 128) break
    sectors.push(bytes)
    sector = nextSector(layout, sector)
  }
  return Buffer.concat(sectors)
}

/** The allocation table's entry for a sector; "no stream" where there is none. */
function nextSector(layout: Layout, sector: number): number {
  const perSector = layout.sectorSize / 4
  const table = tableSector(layout, Math.floor(sector / perSector))
  if (table === null) return noStream
  const entry = readWithin(layout.content, (table + 1) * layout.sectorSize + (sector % perSector) * 4, 4)
  return entry.length < 4 ? noStream : entry.readUInt32LE(0)
}

/** Where the n-th sector of the allocation table stands: 109 are listed in the header, the rest in a chain. */
function tableSector(layout: Layout, index: number): number | null {
  if (index < 109) return layout.header.readUInt32LE(0x4c + index * 4)
  const perSector = layout.sectorSize / 4 - 1
  const hops = Math.floor((index - 109) / perSector)
  if (hops >= mostTableSectors) return null
  let sector = layout.header.readUInt32LE(0x44)
  for (let hop = 0; hop <= hops; hop += 1) {
    const bytes = readSector(layout, sector)
    if (bytes.length < layout.sectorSize) return null
    if (hop === hops) return bytes.readUInt32LE(((index - 109) % perSector) * 4)
    sector = bytes.readUInt32LE(perSector * 4)
  }
  return null
}

/** Names in the tree of siblings below the root entry; streams of embedded objects are in storages further down. */
function childrenOf(directory: Buffer): string[] {
  const names: string[] = []
  const seen = new Set<number>()
  const open = [directory.readUInt32LE(0x4c)]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const at = id * 128
    if (seen.has(id) || at + 128 > directory.length) continue
    seen.add(id)
    const length = Math.min(Math.max(directory.readUInt16LE(at + 0x40) - 2, 0), 62)
    names.push(directory.toString('utf16le', at, at + length))
    open.push(directory.readUInt32LE(at + 0x44), directory.readUInt32LE(at + 0x48))
  }
  return names
}
