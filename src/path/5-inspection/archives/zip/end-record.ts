import type { Bytes } from '../../bytes.ts'

/** What the end records say of the directory (APPNOTE 6.3.10, §4.3.14 to §4.3.16). */
export interface EndRecord {
  /** Where the first of the end records begins, and the directory therefore ends. */
  readonly position: number
  readonly entries: number
  /** Whether `entries` comes from a field that holds 16 bits. */
  readonly smallCount: boolean
  readonly size: number
  readonly offset: number
  /** The archive is one of several files. */
  readonly isPart: boolean
  /** What about the records can be read in more than one way, as clauses for people. */
  readonly defects: readonly string[]
}

const signature = 'PK\x05\x06'
const length = 22
const longestComment = 65_535
const elsewhere = 0xffffffff

/** The end record that readers take which look for it from the end; null where there is none. */
export function findEndRecord(bytes: Bytes): EndRecord | null {
  const start = Math.max(0, bytes.size - length - longestComment)
  const tail = bytes.read(start, bytes.size)
  const all = positionsIn(tail)
  const fitting = all.filter((at) => endOf(tail, at) === tail.length)
  const at = fitting.at(-1) ?? all.at(-1)
  if (at === undefined) return null
  const defects = [
    ...(fitting.length > 1 || all.some((other) => other > at) ? ['it has more than one end record'] : []),
    ...surroundings(tail, endOf(tail, at)),
  ]
  return withLargeRecord(bytes, start + at, tail.subarray(at, at + length), defects)
}

/** A line feed or zeros at the end are left by mail programs and tapes, and no reader finds anything in them. */
const filling = new Set([0x00, 0x0a, 0x0d, 0x20])

function surroundings(tail: Buffer, end: number): string[] {
  if (end > tail.length) return ['its comment is cut off']
  const trailing = tail.subarray(end)
  return trailing.every((byte) => filling.has(byte)) ? [] : [`${trailing.length} bytes follow its end`]
}

/** Where end records may stand, in order. */
function positionsIn(tail: Buffer): number[] {
  const positions: number[] = []
  for (let at = tail.indexOf(signature, 0, 'latin1'); at >= 0; at = tail.indexOf(signature, at + 4, 'latin1')) {
    if (at + length <= tail.length) positions.push(at)
  }
  return positions
}

function endOf(tail: Buffer, at: number): number {
  return at + length + tail.readUInt16LE(at + 20)
}

function withLargeRecord(bytes: Bytes, position: number, record: Buffer, defects: string[]): EndRecord {
  const disks = [record.readUInt16LE(4), record.readUInt16LE(6)]
  const [onDisk, entries] = [record.readUInt16LE(8), record.readUInt16LE(10)]
  const [size, offset] = [record.readUInt32LE(12), record.readUInt32LE(16)]
  const isPart = disks.some((disk) => disk !== 0 && disk !== 0xffff) || onDisk !== entries
  const large = largeRecord(bytes, position)
  if (large === null) return { position, entries, smallCount: true, size, offset, isPart, defects }
  return {
    position: large.position,
    entries: entries === 0xffff ? large.entries : entries,
    smallCount: false,
    size: size === elsewhere ? large.size : size,
    offset: offset === elsewhere ? large.offset : offset,
    isPart: isPart || large.isPart,
    defects: [...defects, ...large.defects, ...disagreement({ entries, size, offset }, large)],
  }
}

type Numbers = Pick<EndRecord, 'entries' | 'size' | 'offset'>

/** Some readers believe the ZIP64 record wherever there is one, others only for what the short record cannot say. */
function disagreement(small: Numbers, large: Numbers): string[] {
  const agrees =
    (small.entries === 0xffff || small.entries === large.entries) &&
    (small.size === elsewhere || small.size === large.size) &&
    (small.offset === elsewhere || small.offset === large.offset)
  return agrees ? [] : ['its end record and its ZIP64 end record disagree']
}

const locatorLength = 20
const largeLength = 56

function largeRecord(bytes: Bytes, end: number): Omit<EndRecord, 'smallCount'> | null {
  const locatorAt = end - locatorLength
  const locator = bytes.read(locatorAt, end)
  if (locatorAt < 0 || locator.readUInt32LE(0) !== 0x07064b50) return null
  const declared = Number(locator.readBigUInt64LE(8))
  const position = [declared, locatorAt - largeLength].find((at) => isLargeRecord(bytes, at))
  if (position === undefined) return null
  const record = bytes.read(position, position + largeLength)
  const [here, entries] = [Number(record.readBigUInt64LE(24)), Number(record.readBigUInt64LE(32))]
  const disks = [record.readUInt32LE(16), record.readUInt32LE(20), locator.readUInt32LE(4)]
  const fits = position + 12 + Number(record.readBigUInt64LE(4)) === locatorAt
  return {
    position,
    entries,
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
    isPart: here !== entries || disks.some((disk) => disk !== 0) || locator.readUInt32LE(16) > 1,
    defects: fits && position === declared ? [] : ['its ZIP64 end record does not stand where its locator says'],
  }
}

function isLargeRecord(bytes: Bytes, at: number): boolean {
  const record = bytes.read(at, at + largeLength)
  return at >= 0 && record.length === largeLength && record.readUInt32LE(0) === 0x06064b50
}
