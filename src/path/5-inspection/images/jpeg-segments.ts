import type { Bytes } from '../bytes.ts'

/** A marker segment, or the entropy-coded data of a scan (ITU-T T.81, annex B). */
export interface JpegSegment {
  /** Second byte of the marker; 0 for entropy-coded data with the restart markers in it. */
  readonly marker: number
  /** Offset of the marker. */
  readonly start: number
  /** Offset of the content, past marker and length. */
  readonly body: number
  /** Offset past the segment; past the end of the file where it is cut off. */
  readonly end: number
}

export const marker = Object.freeze({ scan: 0, soi: 0xd8, eoi: 0xd9, sos: 0xda, app0: 0xe0, app15: 0xef, com: 0xfe })

/**
 * The segments from SOI to EOI, or to where another SOI or the end of the file cuts the image off. Bytes between segments and reserved markers are passed over, as decoders do.
 */
export function* jpegSegments(bytes: Bytes): Generator<JpegSegment> {
  yield { marker: marker.soi, start: 0, body: 2, end: 2 }
  let at = 2
  for (;;) {
    const found = findMarker(bytes, at)
    if (found === null || found.marker === marker.soi) return
    const segment = segmentAt(bytes, found.at, found.marker)
    yield segment
    if (segment.marker === marker.eoi || segment.end > bytes.size) return
    at = segment.end
    if (segment.marker !== marker.sos) continue
    const end = findMarker(bytes, at)?.at ?? bytes.size
    yield { marker: marker.scan, start: at, body: at, end }
    at = end
  }
}

function segmentAt(bytes: Bytes, start: number, code: number): JpegSegment {
  if (code === marker.eoi) return { marker: code, start, body: start + 2, end: start + 2 }
  const length = bytes.read(start + 2, start + 4)
  const end = length.length < 2 ? bytes.size + 1 : start + 2 + Math.max(2, length.readUInt16BE(0))
  return { marker: code, start, body: start + 4, end }
}

const span = { first: 64, last: 64 * 1024 }

/**
 * The next marker that begins a segment; stuffed zeros, fill bytes, restart and reserved markers are none. Reads little
 * at first: most segments follow each other, and a file may have millions of them.
 */
function findMarker(bytes: Bytes, from: number): { readonly at: number; readonly marker: number } | null {
  for (let [at, length] = [from, span.first]; ; length = Math.min(length * 4, span.last)) {
    const piece = bytes.read(at, at + length)
    if (piece.length < 2) return null
    const index = markerIn(piece)
    const code = piece[index + 1]
    if (code !== undefined) return { at: at + index, marker: code }
    at += index
  }
}

/** Bytes that are looked at one by one behind each 0xFF: a call costs as much as some fifty of them. */
const near = 32

/** The index of the first marker; else that of a last byte that may begin one, or the length. */
function markerIn(piece: Buffer): number {
  let index = piece.indexOf(0xff)
  for (let stop = index + near; index >= 0 && index < piece.length - 1; index += 1) {
    if (index === stop) {
      index = piece.indexOf(0xff, index)
      if (index < 0) break
      stop = index + near
    }
    if (piece[index] !== 0xff) continue
    if (isSegment(piece[index + 1] ?? 0)) return index
    stop = index + near
  }
  return piece.at(-1) === 0xff ? piece.length - 1 : piece.length
}

function isSegment(code: number): boolean {
  return code >= 0xc0 && code !== 0xff && (code < 0xd0 || code > 0xd7)
}
