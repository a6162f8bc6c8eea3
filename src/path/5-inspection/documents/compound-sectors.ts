import type { Bytes } from '../bytes.ts'

/** Sectors of one size, and which follows which: of the file itself, or of the stream that holds small streams. */
export interface Sectors {
  readonly bytes: Bytes
  readonly size: number
  /** Where sector 0 begins. */
  readonly base: number
  /** The sector after one in its chain; a number past all sectors where there is none. */
  readonly next: (sector: number) => number
}

/** Consecutive bytes of a chain: `length` bytes from `offset` on, which stand at `at` in the stream. */
export interface Run {
  readonly at: number
  readonly offset: number
  length: number
}

export interface Chain {
  readonly runs: readonly Run[]
  readonly length: number
  /** False where the chain is cut off at the limit, leaves the file or goes in circles. */
  readonly ended: boolean
}

/** [MS-CFB] §2.1: numbers from here on are no sectors; this one ends a chain. */
const mostSectors = 0xfffffffa
const endOfChain = 0xfffffffe

/** Follows a chain until `limit` bytes are found. No chain is longer than the file, so that circles end. */
export function chainFrom({ bytes, size, base, next }: Sectors, start: number, limit: number): Chain {
  const runs: Run[] = []
  const most = Math.min(limit, bytes.size)
  let length = 0
  let sector = start
  for (let last: Run | undefined; sector < mostSectors && length < most; length += size) {
    const offset = base + sector * size
    if (offset >= bytes.size) return { runs, length, ended: false }
    if (last !== undefined && last.offset + last.length === offset) last.length += size
    else runs.push((last = { at: length, offset, length: size }))
    sector = next(sector)
  }
  return { runs, length, ended: sector === endOfChain }
}

/** A chain as bytes of its own. */
export function chainBytes(bytes: Bytes, { runs }: Chain, size: number): Bytes {
  return {
    size,
    read: (start, end) => readRuns(bytes, runs, Math.max(start, 0), Math.min(end, size)),
  }
}

function readRuns(bytes: Bytes, runs: readonly Run[], start: number, end: number): Buffer {
  const parts: Buffer[] = []
  for (let index = runIndexAt(runs, start); index < runs.length; index += 1) {
    const { at, offset, length } = runs[index] as Run
    if (at >= end) break
    parts.push(bytes.read(offset + Math.max(start - at, 0), offset + Math.min(end - at, length)))
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
}

/** The last run that begins at or before a place. */
function runIndexAt(runs: readonly Run[], place: number): number {
  let low = 0
  let high = runs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((runs[middle] as Run).at <= place) low = middle
    else high = middle - 1
  }
  return low
}

/** The sectors of the file itself, by its allocation table (§2.3), which is read where it is needed and kept. */
export function fileSectors(bytes: Bytes, header: Buffer, size: number): Sectors {
  const perSector = size / 4
  const tables = new Map<number, Buffer>()
  const places = tablePlaces(bytes, header, size)
  const read = (index: number): Buffer => {
    const place = places(index)
    return place === null ? Buffer.alloc(0) : bytes.read((place + 1) * size, (place + 2) * size)
  }
  const next = (sector: number): number => {
    const index = Math.floor(sector / perSector)
    const table = tables.get(index) ?? read(index)
    tables.set(index, table)
    const at = (sector % perSector) * 4
    return at + 4 <= table.length ? table.readUInt32LE(at) : mostSectors
  }
  return { bytes, size, base: size, next }
}

/** Where the n-th sector of the allocation table stands: 109 are listed in the header, the rest in a chain (§2.5). */
function tablePlaces(bytes: Bytes, header: Buffer, size: number): (index: number) => number | null {
  const places = Array.from({ length: 109 }, (_, index) => header.readUInt32LE(0x4c + index * 4))
  const most = Math.ceil(bytes.size / size / (size / 4)) + 1
  let sector = header.readUInt32LE(0x44)
  const readMore = (): boolean => {
    const list = sector < mostSectors ? bytes.read((sector + 1) * size, (sector + 2) * size) : Buffer.alloc(0)
    if (list.length < size || places.length > most) return false
    for (let at = 0; at < size - 4; at += 4) places.push(list.readUInt32LE(at))
    sector = list.readUInt32LE(size - 4)
    return true
  }
  return (index) => {
    if (index >= most) return null
    while (index >= places.length) if (!readMore()) return null
    return places[index] ?? null
  }
}
