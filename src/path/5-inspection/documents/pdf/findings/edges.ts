import { type Bytes, pieces } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import type { Scanned } from '../syntax/scan.ts'

/** Readers look for the header, and for %%EOF, within so many bytes of the ends (ISO 32000-1 Annex H.3). */
const tolerance = 1024
const mark = '%%EOF'

/** Notes data before the header, and returns the version that the header says; null where there is none. */
export function noteBeginning(subject: Subject): string | null {
  const head = subject.bytes.read(0, tolerance + 16).toString('latin1')
  const match = /%(?:PDF|!PS-Adobe-\d\.\d PDF)-(\d\.\d)?/.exec(head)
  if (match === null || match.index > tolerance) {
    subject.observe('file.pdf.structure', `it has no header in its first ${tolerance} bytes`)
    return null
  }
  const before = head.slice(0, match.index).replace(/^\xef\xbb\xbf/, '')
  if (/[^\0\t\n\f\r ]/.test(before)) {
    subject.observe('file.disguise.leading', `${match.index} bytes stand before the header of the PDF`)
  }
  return match[1] ?? null
}

/**
 * Notes data after the end. What producers and transports leave there is allowed for: padding of any length, and 1024
 * bytes of anything, past which readers no longer find the end. A file that breaks off in an object has no end.
 */
export function noteEnd(subject: Subject, { lastEnd, lastBegin }: Scanned): void {
  const { bytes } = subject
  if (lastEnd === 0) return
  const end = lastMark(bytes, lastEnd) ?? (lastBegin < lastEnd ? lastEnd : null)
  if (end === null) return
  const extra = lengthWithoutPadding(bytes, end)
  if (extra > tolerance) subject.observe('file.disguise.trailing', `${extra} bytes follow the end of the PDF`)
}

/** Where the last %%EOF from an offset on ends. */
function lastMark(bytes: Bytes, start: number): number | null {
  let end: number | null = null
  for (const [at, piece] of pieces(bytes, 64 * 1024, start)) {
    const window = at === start ? piece : bytes.read(at - mark.length, at + piece.length)
    const found = window.lastIndexOf(mark, window.length, 'latin1')
    if (found >= 0) end = at + piece.length - window.length + found + mark.length
  }
  return end
}

/** Bytes from an offset to the last that is no padding. */
function lengthWithoutPadding(bytes: Bytes, start: number): number {
  for (let end = bytes.size; end > start; end -= 64 * 1024) {
    const from = Math.max(start, end - 64 * 1024)
    const last = bytes.read(from, end).findLastIndex((byte) => !isPadding(byte))
    if (last >= 0) return from + last + 1 - start
  }
  return 0
}

/** White space, NUL, the end-of-file character of CP/M, and what erased storage reads as. */
function isPadding(byte: number): boolean {
  return byte === 0 || byte === 0x1a || byte === 0x20 || byte === 0xff || (byte >= 9 && byte <= 13)
}
