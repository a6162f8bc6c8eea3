/**
 * A sealed entry: header, facts (the entry as JSON), contents. Facts and contents are cut into segments, each sealed by
 * AES-256-GCM with the number of its section, its own number and whether it is the last in the nonce (STREAM, Hoang,
 * Reyhanitabar, Rogaway and Vizár 2015), and with the header as associated data: segments can be read singly, and none
 * can be changed, moved, left out or taken from another entry.
 */
const magic = Buffer.from('SLUICEQ1', 'latin1')

export const headerSize = 60
/** Bytes of a segment before it is sealed; the last of a section may be shorter, and is empty in an empty section. */
export const segmentSize = 64 * 1024
export const tagSize = 16
/** Bytes of the facts. */
export const largestFacts = 8 * 1024 * 1024

export const sections = { facts: 0, contents: 1 } as const
export type Section = (typeof sections)[keyof typeof sections]

export interface Header {
  /** 8 bytes. */
  readonly keyId: Buffer
  /** 32 bytes. */
  readonly salt: Buffer
  readonly facts: number
  readonly contents: number
}

export function writeHeader({ keyId, salt, facts, contents }: Header): Buffer {
  const sizes = Buffer.alloc(12)
  sizes.writeUInt32BE(facts, 0)
  sizes.writeBigUInt64BE(BigInt(contents), 4)
  return Buffer.concat([magic, keyId, salt, sizes])
}

/** Null where it is none. What it says is not yet proven. */
export function readHeader(bytes: Buffer): Header | null {
  if (bytes.length < headerSize || !bytes.subarray(0, magic.length).equals(magic)) return null
  const facts = bytes.readUInt32BE(48)
  const contents = Number(bytes.readBigUInt64BE(52))
  if (facts > largestFacts || !Number.isSafeInteger(contents)) return null
  return { keyId: bytes.subarray(8, 16), salt: bytes.subarray(16, 48), facts, contents }
}

export function segmentsOf(size: number): number {
  return Math.max(1, Math.ceil(size / segmentSize))
}

/** Bytes that a section takes. */
export function sealedSection(size: number): number {
  return size + segmentsOf(size) * tagSize
}

/** Bytes that an entry takes. */
export function sealedSize(facts: number, contents: number): number {
  return headerSize + sealedSection(facts) + sealedSection(contents)
}

export function nonce(section: Section, segment: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes[0] = section
  bytes.writeUInt32BE(segment, 7)
  bytes[11] = last ? 1 : 0
  return bytes
}
