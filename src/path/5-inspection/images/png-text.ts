import { inflateSync } from 'node:zlib'
import { type Bytes, memoryBytes } from '../bytes.ts'
import type { Expansion } from '../expansion.ts'
import { unpack } from '../inflate.ts'
import { readExif } from './exif.ts'
import type { PngChunk } from './png-chunks.ts'
import { hasXmpLocation } from './xmp.ts'

/** Longest packed text that is looked into; a packet of XMP has some kilobytes. */
const longest = 256 * 1024

/** Keywords of text that may say where the image was taken: XMP, and what ImageMagick keeps of a JPEG in hexadecimal. */
const places = /^(?:XML:com\.adobe\.xmp|Raw profile type (?:exif|APP1|xmp))\0/

/** Whether a text chunk has coordinates. Packed text is inflated only under the keywords that may have some. */
export function hasTextLocation(bytes: Bytes, chunk: PngChunk, expansion: Expansion | null): boolean {
  if (chunk.type === 'iTXt' && !isPacked(bytes, chunk))
    return hasXmpLocation(bytes, chunk.data, chunk.data + chunk.length)
  if (!places.test(keyword(bytes, chunk)) || chunk.length > longest) return false
  const text = textOf(bytes.read(chunk.data, chunk.data + chunk.length), chunk.type, expansion)
  return text !== null && (text.includes('GPSLatitude') || hasRawLocation(text.toString('latin1')))
}

function keyword(bytes: Bytes, { data, length }: PngChunk): string {
  return bytes.read(data, data + Math.min(length, 80)).toString('latin1')
}

/** iTXt: keyword, 0, compression flag, method, language, 0, translated keyword, 0, text. */
function isPacked(bytes: Bytes, chunk: PngChunk): boolean {
  const text = keyword(bytes, chunk)
  return text.charCodeAt(text.indexOf('\0') + 1) === 1
}

function textOf(data: Buffer, type: string, expansion: Expansion | null): Buffer | null {
  const name = data.indexOf(0)
  if (type === 'tEXt') return data.subarray(name + 1)
  const language = type === 'iTXt' ? data.indexOf(0, name + 3) : name
  const start = type === 'iTXt' ? data.indexOf(0, language + 1) + 1 : name + 2
  if (expansion === null || start <= name) return null
  const text = unpack(data.subarray(start), expansion, inflateSync)
  return typeof text === 'string' ? null : text
}

/** A raw profile: a line with its name, one with its length, then hexadecimal digits in lines. */
function hasRawLocation(text: string): boolean {
  const digits = /^\s*\w+\s+\d+\s+([0-9a-fA-F\s]+)$/.exec(text.replaceAll('\0', ''))?.[1]
  const profile = Buffer.from((digits ?? '').replace(/\s+/g, ''), 'hex')
  if (profile.toString('latin1', 0, 4) === 'Exif') return readExif(memoryBytes(profile.subarray(6))).location
  return profile.includes('GPSLatitude')
}
