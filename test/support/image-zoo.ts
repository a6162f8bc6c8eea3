/** Parts of image files, and files made of them: small, but with the structure that cameras and programs write. */
import { crc32, deflateSync } from 'node:zlib'

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')

function number(width: 1 | 2 | 4 | 8, value: number, little = false): Buffer {
  const buffer = Buffer.alloc(width)
  if (width === 8) buffer[little ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt(value))
  else buffer[little ? 'writeUIntLE' : 'writeUIntBE'](value, 0, width)
  return buffer
}

const le = (width: 1 | 2 | 4 | 8, value: number) => number(width, value, true)
const be = (width: 1 | 2 | 4 | 8, value: number) => number(width, value)

export interface Tag {
  readonly tag: number
  /** TIFF type: 1 byte, 2 text, 3 short, 4 long, 5 rational (numerators over 1), 7 undefined. */
  readonly type: 1 | 2 | 3 | 4 | 5 | 7
  readonly value: readonly number[] | string | Buffer
}

export const gpsTags: readonly Tag[] = [
  { tag: 1, type: 2, value: 'N\0' },
  { tag: 2, type: 5, value: [48, 8, 11] },
  { tag: 3, type: 2, value: 'E\0' },
  { tag: 4, type: 5, value: [11, 34, 30] },
]

export interface Directory {
  readonly tags: readonly Tag[]
  readonly gps?: readonly Tag[]
  /** Pixels of one strip; StripOffsets and StripByteCounts are written for them. */
  readonly strip?: Buffer
}

export interface TiffOptions {
  readonly little?: boolean
  readonly big?: boolean
}

/** A TIFF structure of the directories in a chain; EXIF is one of one directory. */
export function tiff(directories: readonly Directory[], { little = true, big = false }: TiffOptions = {}): Buffer {
  const wide = big ? 8 : 4
  const num = (width: 1 | 2 | 4 | 8, value: number) => number(width, value, little)
  const head = big ? [num(2, 43), num(2, 8), num(2, 0)] : [num(2, 42)]
  let file = Buffer.concat([ascii(little ? 'II' : 'MM'), ...head, num(wide, 0)])
  let link = file.length - wide
  const append = (data: Buffer): number => {
    file = Buffer.concat([file, data, Buffer.alloc(data.length % 2)])
    return file.length - data.length - (data.length % 2)
  }
  const valueOf = ({ type, value }: Tag): Buffer => {
    if (typeof value === 'string') return ascii(value)
    if (Buffer.isBuffer(value)) return value
    const width = type === 3 ? 2 : type === 1 || type === 7 ? 1 : 4
    return Buffer.concat(value.flatMap((item) => (type === 5 ? [num(4, item), num(4, 1)] : [num(width, item)])))
  }
  const widths: Record<Tag['type'], number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 }
  const write = (tags: readonly Tag[]): number => {
    const entries = [...tags]
      .sort((a, b) => a.tag - b.tag)
      .map((tag) => {
        const value = valueOf(tag)
        const place =
          value.length <= wide ? Buffer.concat([value, Buffer.alloc(wide - value.length)]) : num(wide, append(value))
        return Buffer.concat([num(2, tag.tag), num(2, tag.type), num(wide, value.length / widths[tag.type]), place])
      })
    return append(Buffer.concat([num(big ? 8 : 2, entries.length), ...entries, num(wide, 0)]))
  }
  for (const { tags, gps, strip } of directories) {
    const all = [...tags]
    if (gps) all.push({ tag: 0x8825, type: 4, value: [write(gps)] })
    if (strip) all.push({ tag: 273, type: 4, value: [append(strip)] }, { tag: 279, type: 4, value: [strip.length] })
    const start = write(all)
    num(wide, start).copy(file, link)
    link = start + (big ? 8 : 2) + all.length * (big ? 20 : 12)
  }
  return file
}

/** EXIF as cameras write it: maker, orientation, and a position where one is wanted. */
export function exif(orientation: number, gps: readonly Tag[] = gpsTags, options: TiffOptions = {}): Buffer {
  const tags: Tag[] = [
    { tag: 0x010f, type: 2, value: 'Acme Camera Works\0' },
    { tag: 0x0112, type: 3, value: [orientation] },
  ]
  return tiff([{ tags, gps }], options)
}

/** A grey page of the size, uncompressed. */
export function page(width: number, height: number, more: readonly Tag[] = [], gps?: readonly Tag[]): Directory {
  const tags: Tag[] = [
    { tag: 256, type: 3, value: [width] },
    { tag: 257, type: 3, value: [height] },
    { tag: 258, type: 3, value: [8] },
    { tag: 259, type: 3, value: [1] },
    { tag: 262, type: 3, value: [1] },
    { tag: 277, type: 3, value: [1] },
    { tag: 278, type: 3, value: [height] },
    ...more,
  ]
  const strip = Buffer.from(Array.from({ length: width * height }, (_, index) => (index * 37) % 256))
  return gps ? { tags, gps, strip } : { tags, strip }
}

export const xmp = (gps: boolean): Buffer =>
  ascii(
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      `<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/"${gps ? ' exif:GPSLatitude="48,8.2N"' : ''}/>` +
      '</rdf:RDF></x:xmpmeta>',
  )

export function segment(code: number, content: Buffer | string): Buffer {
  const body = typeof content === 'string' ? ascii(content) : content
  return Buffer.concat([be(1, 0xff), be(1, code), be(2, body.length + 2), body])
}

export const app1 = (block: Buffer): Buffer => segment(0xe1, Buffer.concat([ascii('Exif\0\0'), block]))
export const xmpSegment = (packet: Buffer): Buffer =>
  segment(0xe1, Buffer.concat([ascii('http://ns.adobe.com/xap/1.0/\0'), packet]))

/** A JPEG with more segments behind its first marker. */
export const jpegWith = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])

export function chunk(type: string, content: Buffer | string): Buffer {
  const body = Buffer.concat([ascii(type), typeof content === 'string' ? ascii(content) : content])
  return Buffer.concat([be(4, body.length - 4), body, be(4, crc32(body))])
}

/** A PNG with more chunks behind its header. */
export const pngWith = (png: Buffer, ...chunks: Buffer[]): Buffer =>
  Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)])

export const packedText = (keyword: string, text: Buffer): Buffer =>
  chunk('zTXt', Buffer.concat([ascii(`${keyword}\0\0`), deflateSync(text)]))

/** A profile as ImageMagick writes it into the text of a PNG. */
export function rawProfile(name: string, content: Buffer): Buffer {
  const digits = content.toString('hex').replace(/.{72}/g, '$&\n')
  return ascii(`\n${name}\n${String(content.length).padStart(8)}\n${digits}\n`)
}

export function riffChunk(type: string, content: Buffer): Buffer {
  return Buffer.concat([ascii(type), le(4, content.length), content, Buffer.alloc(content.length % 2)])
}

/** The WebP as an extended one with these chunks at its end (flags: 0x08 EXIF, 0x04 XMP). */
export function webpWith(webp: Buffer, width: number, height: number, flags: number, ...chunks: Buffer[]): Buffer {
  const size = Buffer.concat([le(4, width - 1).subarray(0, 3), le(4, height - 1).subarray(0, 3)])
  const body = Buffer.concat([
    ascii('WEBP'),
    riffChunk('VP8X', Buffer.concat([le(4, flags), size])),
    webp.subarray(12),
    ...chunks,
  ])
  return Buffer.concat([ascii('RIFF'), le(4, body.length), body])
}

/** A GIF with more blocks behind its screen descriptor and colour table. */
export function gifWith(gif: Buffer, ...blocks: Buffer[]): Buffer {
  const flags = gif[10] ?? 0
  const start = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  return Buffer.concat([gif.subarray(0, start), ...blocks, gif.subarray(start)])
}

export function extension(label: number, ...blocks: (Buffer | string)[]): Buffer {
  const chain = blocks.flatMap((block) => [be(1, block.length), typeof block === 'string' ? ascii(block) : block])
  return Buffer.concat([be(1, 0x21), be(1, label), ...chain, be(1, 0)])
}

/** A bitmap of 24 bits per pixel; a negative height begins with the first row. */
export function bmp(width: number, height: number, declared?: number): Buffer {
  const pixels = Buffer.alloc(Math.ceil((width * 24) / 32) * 4 * Math.abs(height), 0x5a)
  const dib = Buffer.alloc(40)
  dib.writeUInt32LE(40, 0)
  dib.writeInt32LE(width, 4)
  dib.writeInt32LE(height, 8)
  dib.writeUInt16LE(1, 12)
  dib.writeUInt16LE(24, 14)
  return Buffer.concat([ascii('BM'), le(4, declared ?? 54 + pixels.length), le(4, 0), le(4, 54), dib, pixels])
}

export function ico(...pictures: Buffer[]): Buffer {
  let offset = 6 + pictures.length * 16
  const entries = pictures.map((picture) => {
    const entry = Buffer.concat([Buffer.alloc(4), le(2, 1), le(2, 32), le(4, picture.length), le(4, offset)])
    offset += picture.length
    return entry
  })
  return Buffer.concat([le(2, 0), le(2, 1), le(2, pictures.length), ...entries, ...pictures])
}

export function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([be(4, body.length + 8), ascii(type), body])
}

/** The film of a motion photo, with or without where it was taken. */
export function film(located = false): Buffer {
  const place = located ? [box('udta', box('\xa9xyz', be(2, 18), be(2, 0x15c7), ascii('+48.1364+011.5754/')))] : []
  return Buffer.concat([box('ftyp', ascii('mp42'), be(4, 0)), box('mdat', Buffer.alloc(64, 7)), box('moov', ...place)])
}

/** Samsung's trailer of one block. */
export function samsungTrailer(content: Buffer): Buffer {
  const name = ascii('MotionPhoto_Data')
  const block = Buffer.concat([le(2, 0), le(2, 0x0a30), le(4, name.length), name, content])
  const directory = Buffer.concat([
    ascii('SEFH'),
    le(4, 107),
    le(4, 1),
    le(2, 0),
    le(2, 0x0a30),
    le(4, block.length),
    le(4, block.length),
  ])
  return Buffer.concat([block, directory, le(4, directory.length), ascii('SEFT')])
}

/** A HEIF file of one picture with items of metadata, as far as headers go. */
export function heif(
  brand: string,
  width: number,
  height: number,
  items: readonly { type: string; content: Buffer }[],
): Buffer {
  const all = [{ type: 'hvc1', content: Buffer.alloc(32, 9) }, ...items]
  const ftyp = box('ftyp', ascii(brand), be(4, 0), ascii(`mif1${brand}`))
  const entries = all.map(({ type }, index) => {
    const media = type === 'mime' ? ascii('\0application/rdf+xml\0') : ascii('\0')
    return box('infe', be(4, 0x0200_0000), be(2, index + 1), be(2, 0), ascii(type), media)
  })
  const ispe = box('ispe', be(4, 0), be(4, width), be(4, height))
  const metaOf = (base: number): Buffer => {
    let offset = base
    const places = all.map(({ content }, index) => {
      const place = Buffer.concat([be(2, index + 1), be(2, 0), be(2, 1), be(4, offset), be(4, content.length)])
      offset += content.length
      return place
    })
    return box(
      'meta',
      be(4, 0),
      box('hdlr', be(4, 0), be(4, 0), ascii('pict'), Buffer.alloc(13)),
      box('pitm', be(4, 0), be(2, 1)),
      box('iloc', be(4, 0), be(2, 0x4400), be(2, all.length), ...places),
      box('iinf', be(4, 0), be(2, all.length), ...entries),
      box('iprp', box('ipco', ispe)),
    )
  }
  const base = ftyp.length + metaOf(0).length + 8
  return Buffer.concat([ftyp, metaOf(base), box('mdat', ...all.map(({ content }) => content))])
}

export const exifItem = (block: Buffer): { type: string; content: Buffer } => ({
  type: 'Exif',
  content: Buffer.concat([be(4, 6), ascii('Exif\0\0'), block]),
})
export const xmpItem = (packet: Buffer): { type: string; content: Buffer } => ({ type: 'mime', content: packet })
