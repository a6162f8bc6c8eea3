import type { Bytes } from '../../bytes.ts'
import { nameText } from '../name-text.ts'
import { sectorSize } from './descriptors.ts'

/** What the Rock Ridge fields of a record say (SUSP and RRIP, IEEE P1281 and P1282). */
export interface RockRidge {
  readonly name: string | null
  /** Of POSIX, with the type of the file. */
  readonly mode: number
  /** Stands for a folder that was moved to a place less deep, where it is listed too. */
  readonly isMoved: boolean
  /** Compressed, for readers that know zisofs. */
  readonly isCompressed: boolean
}

/** Fields may go on elsewhere; nobody needs that often. */
const mostAreas = 8
const currentOrParent = 0x06

export function readRockRidge(first: Buffer, bytes: Bytes): RockRidge {
  const names: Buffer[] = []
  let [mode, isMoved, isCompressed] = [0, false, false]
  let area: Buffer | null = first
  for (let count = 0; area !== null && count < mostAreas; count += 1) {
    let next: Buffer | null = null
    for (const field of fieldsOf(area)) {
      const mark = field.toString('latin1', 0, 2)
      if (mark === 'NM' && ((field[4] ?? 0) & currentOrParent) === 0) names.push(field.subarray(5))
      if (mark === 'PX' && field.length >= 8) mode = field.readUInt32LE(4)
      if (mark === 'CL') isMoved = true
      if (mark === 'ZF') isCompressed = true
      if (mark === 'CE' && field.length >= 28) next = continuation(field, bytes)
    }
    area = next
  }
  return { name: names.length === 0 ? null : nameText(Buffer.concat(names)), mode, isMoved, isCompressed }
}

function* fieldsOf(area: Buffer): Generator<Buffer> {
  let at = 0
  while (at + 4 <= area.length) {
    const length = area[at + 2] ?? 0
    if (length < 4 || at + length > area.length) return
    yield area.subarray(at, at + length)
    at += length
  }
}

function continuation(field: Buffer, bytes: Bytes): Buffer {
  const start = field.readUInt32LE(4) * sectorSize + field.readUInt32LE(12)
  return bytes.read(start, start + Math.min(field.readUInt32LE(20), sectorSize))
}
