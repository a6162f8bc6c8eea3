import { type Bytes, pieces } from '../../bytes.ts'
import { localLength, localSignature } from './local-header.ts'

/** Longest filling that is looked through, in bytes: what aligns to pages, with room to spare. */
const longestPadding = 1024 * 1024

/**
 * Whether there is only filling between two offsets, in which no reader finds anything: zeros, or members without a
 * name and without data, as Android's build tools leave where they replaced a member (zipflinger's virtual entries).
 */
export function isPadding(bytes: Bytes, start: number, end: number): boolean {
  if (end - start > longestPadding) return false
  let at = start
  for (let next = endOfNameless(bytes, at, end); next !== null; next = endOfNameless(bytes, at, end)) at = next
  for (const [, piece] of pieces(bytes, 64 * 1024, at, end)) if (!isZero(piece)) return false
  return true
}

function endOfNameless(bytes: Bytes, at: number, end: number): number | null {
  const header = bytes.read(at, Math.min(at + localLength, end))
  if (header.length < localLength || header.readUInt32LE(0) !== localSignature) return null
  const isEmpty = isZero(header.subarray(6, 10)) && isZero(header.subarray(14, 28))
  const next = at + localLength + header.readUInt16LE(28)
  return isEmpty && next <= end && isZero(bytes.read(at + localLength, next)) ? next : null
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}

const blockMagic = 'APK Sig Block 42'

/** Where Android's signing block before the directory begins; its own offset where there is none. */
export function signingBlockStart(bytes: Bytes, directory: number): number {
  const foot = bytes.read(directory - 24, directory)
  if (directory < 32 || foot.toString('latin1', 8) !== blockMagic) return directory
  const start = directory - Number(foot.readBigUInt64LE(0)) - 8
  const head = bytes.read(start, start + 8)
  return start >= 0 && head.length === 8 && head.equals(foot.subarray(0, 8)) ? start : directory
}
