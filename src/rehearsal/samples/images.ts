import { crc32, deflateSync } from 'node:zlib'
import { piecesOf, words } from './fill.ts'

export interface PixelOptions {
  /** Bytes of the whole file; a file that needs more has more. */
  readonly size?: number | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
}

const commentKeyword = Buffer.from('Comment\0', 'latin1')
/** Length, type and checksum around the data of a chunk. */
const chunkFrame = 12

/** A black PNG of one bit for each pixel; a comment fills it up to its size. */
export function png({ size = 0, width = 1, height = 1 }: PixelOptions): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const pixels = Buffer.alloc((Math.ceil(width / 8) + 1) * height)
  const head = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), pngChunk('IHDR', header)])
  const tail = Buffer.concat([pngChunk('IDAT', deflateSync(pixels)), pngChunk('IEND', Buffer.alloc(0))])
  const room = size - head.length - tail.length - chunkFrame - commentKeyword.length
  if (room < 0) return Buffer.concat([head, tail])
  return Buffer.concat([head, pngChunk('tEXt', Buffer.concat([commentKeyword, Buffer.from(words(room))])), tail])
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

const greyPixelJpeg = Buffer.from(
  [
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PT',
    'gyPC4zNDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIh',
    'MUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhI',
    'WGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APvT',
    '/9k=',
  ].join(''),
  'base64',
)
/** Past the JFIF header, which must come first. */
const jpegCommentAt = 20

/** A grey JPEG of one pixel; comments fill it up to its size. */
export function jpeg({ size = 0 }: Pick<PixelOptions, 'size'>): Buffer {
  const comments = piecesOf(Math.max(size - greyPixelJpeg.length, 0), 65_000, 4).map((piece) => {
    const segment = Buffer.alloc(Math.max(piece, 4), ' ')
    segment.writeUInt16BE(0xfffe, 0)
    segment.writeUInt16BE(segment.length - 2, 2)
    return segment
  })
  return inserted(greyPixelJpeg, jpegCommentAt, comments)
}

const pixelGif = Buffer.from(
  '47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b',
  'hex',
)
/** Past the table of colours. */
const gifCommentAt = 19
/** Introducer, label and terminator of an extension. */
const extensionFrame = 3

/** A GIF of one pixel; a comment fills it up to its size. */
export function gif({ size = 0 }: Pick<PixelOptions, 'size'>): Buffer {
  const room = size - pixelGif.length - extensionFrame
  if (room < 2) return pixelGif
  const blocks = piecesOf(room, 256, 2).map((piece) => {
    const block = Buffer.alloc(piece, ' ')
    block[0] = piece - 1
    return block
  })
  return inserted(pixelGif, gifCommentAt, [Buffer.from('21fe', 'hex'), ...blocks, Buffer.of(0)])
}

function inserted(file: Buffer, at: number, pieces: readonly Buffer[]): Buffer {
  return Buffer.concat([file.subarray(0, at), ...pieces, file.subarray(at)])
}
