import { crc32 } from 'node:zlib'
import type { RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { orientationExif, readExif } from '../images/exif.ts'
import { exifOf, isNeeded, pngChunks, pngSignatureLength } from '../images/png-chunks.ts'

export function* stripPng(bytes: Bytes): Generator<RecipePiece> {
  yield { start: 0, end: pngSignatureLength }
  let turned = false
  for (const chunk of pngChunks(bytes)) {
    const exif = chunk.type === 'eXIf'
    if (isNeeded(bytes, chunk) && !(exif && turned)) yield { start: chunk.start, end: chunk.end }
    else if (exif && !turned) yield* orientationOf(exifOf(bytes, chunk))
    turned ||= exif
  }
}

function* orientationOf(exif: Bytes): Generator<RecipePiece> {
  const { orientation } = readExif(exif)
  if (orientation === 1) return
  const content = Buffer.concat([Buffer.from('eXIf'), orientationExif(orientation)])
  const chunk = Buffer.alloc(content.length + 8)
  chunk.writeUInt32BE(content.length - 4, 0)
  content.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(content), chunk.length - 4)
  yield { literal: chunk }
}
