import type { Bytes } from '../bytes.ts'

/** Looks for one program's trailer that ends at `end`: where it begins, or null. */
type Footer = (bytes: Bytes, end: number) => number | null

/** Samsung: blocks of data, a directory "SEFH" of their distances, its length, "SEFT"; the first block begins the trailer. */
const samsung: Footer = (bytes, end) => {
  const foot = bytes.read(end - 8, end)
  if (foot.length < 8 || foot.toString('latin1', 4) !== 'SEFT') return null
  const length = foot.readUInt32LE(0)
  const start = end - 8 - length
  if (length < 12 || length > 65_536 || start < 0) return null
  const directory = bytes.read(start, end - 8)
  const count = directory.readUInt32LE(8)
  if (directory.toString('latin1', 0, 4) !== 'SEFH' || 12 + count * 12 > length) return null
  let first = 0
  for (let at = 12; at < 12 + count * 12; at += 12) first = Math.max(first, directory.readUInt32LE(at + 4))
  return first > start ? null : start - first
}

/** Canon: a header of 28 and a footer of 64 bytes that begin alike and tell the length between them. */
const canon: Footer = (bytes, end) => {
  const name = 'CANON OPTIONAL DATA\0'
  const foot = bytes.read(end - 64, end - 40)
  if (foot.length < 24 || foot.toString('latin1', 0, 20) !== name) return null
  const start = end - 92 - foot.readUInt32BE(20)
  return start >= 0 && bytes.read(start, start + 20).toString('latin1') === name ? start : null
}

/** Photo Mechanic: IPTC records, their length, "cbipcbbl". */
const photoMechanic: Footer = (bytes, end) => {
  const foot = bytes.read(end - 12, end)
  if (foot.length < 12 || foot.toString('latin1', 4) !== 'cbipcbbl') return null
  return end - 12 - foot.readUInt32BE(0)
}

/** FotoStation: a record, its tag, its length with this footer, a mark. */
const fotoStation: Footer = (bytes, end) => {
  const foot = bytes.read(end - 10, end)
  if (foot.length < 10 || foot.readUInt32BE(6) !== 0xa1b2c3d4) return null
  const length = foot.readUInt32BE(2)
  return length < 10 ? null : end - length
}

/** AXS File Concatenation Protocol: begins and ends with the same mark, and the end says where the beginning is. */
const afcp: Footer = (bytes, end) => {
  const foot = bytes.read(end - 12, end)
  const mark = foot.toString('latin1', 0, 4)
  if (foot.length < 12 || (mark !== 'AXS!' && mark !== 'AXS*')) return null
  const start = mark === 'AXS!' ? foot.readUInt32BE(4) : foot.readUInt32LE(4)
  return bytes.read(start, start + 4).toString('latin1') === mark ? start : null
}

const footers = [samsung, canon, photoMechanic, fotoStation, afcp]

/**
 * The offset to which known trailers reach down that end a file and say themselves where they begin; `end` where there
 * is none, and never below `start`. Programs append to each other's trailers, but not often.
 */
export function withoutFooters(bytes: Bytes, start: number, end: number): number {
  let at = end
  for (let round = 0; round < 8; round += 1) {
    const found = footers.map((footer) => footer(bytes, at)).find((offset) => offset !== null) ?? at
    if (found >= at || found < start) return at
    at = found
  }
  return at
}
