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

const span = 256 * 1024

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

/** The next marker that begins a segment; stuffed zeros, fill bytes, restart and reserved markers are none. */
function findMarker(bytes: Bytes, from: number): { readonly at: number; readonly marker: number } | null {
  for (let at = from; ; ) {
    const piece = bytes.read(at, at + span)
    const last = piece.length - 1
    if (last < 1) return null
    let index = piece.indexOf(0xff)
    while (index >= 0 && index < last) {
      const code = piece[index + 1] ?? 0
      if (isSegment(code)) return { at: at + index, marker: code }
      index = piece.indexOf(0xff, index + (code === 0xff ? 1 : 2))
    }
    at += index === last ? last : piece.length
  }
}

function isSegment(code: number): boolean {
  return code >= 0xc0 && code !== 0xff && (code < 0xd0 || code > 0xd7)
}
