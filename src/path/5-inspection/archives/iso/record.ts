/** An entry of a folder (ECMA-119 section 9.1). */
export interface DirectoryRecord {
  /** Of the whole record, in bytes. */
  readonly length: number
  /** First block of the data. */
  readonly block: number
  /** Bytes of data. */
  readonly size: number
  readonly isFolder: boolean
  /** Whether the data is in one piece; parts of a file above 4 GiB, and files laid out between others, are not. */
  readonly isWhole: boolean
  /** Both byte orders say the same. */
  readonly isConsistent: boolean
  readonly name: Buffer
  /** Of other systems, such as Rock Ridge. */
  readonly systemUse: Buffer
}

const fixedLength = 33
const flags = { isFolder: 0x02, isContinued: 0x80 }

/** Null where it is cut off. */
export function readRecord(bytes: Buffer): DirectoryRecord | null {
  const length = bytes[0] ?? 0
  const nameEnd = fixedLength + (bytes[32] ?? 0)
  if (length < fixedLength + 1 || bytes.length < length || nameEnd > length) return null
  const set = bytes.readUInt8(25)
  const [block, size] = [bytes.readUInt32LE(2), bytes.readUInt32LE(10)]
  return {
    length,
    // An extended attribute record comes before the data.
    block: block + bytes.readUInt8(1),
    size,
    isFolder: (set & flags.isFolder) !== 0,
    isWhole: (set & flags.isContinued) === 0 && bytes.readUInt16LE(26) === 0,
    isConsistent: block === bytes.readUInt32BE(6) && size === bytes.readUInt32BE(14),
    name: bytes.subarray(fixedLength, nameEnd),
    systemUse: bytes.subarray(nameEnd + (nameEnd % 2), length),
  }
}
