/** Images: what is read of their structure, what follows their end, and how they are rewritten. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { FileTypeId } from '../../src/file-types/catalogue.ts'
import { memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { Expansion } from '../../src/path/5-inspection/expansion.ts'
import { imageInspector } from '../../src/path/5-inspection/images/inspector.ts'
import { isImageType } from '../../src/path/5-inspection/images/read-image.ts'
import { recipeSize } from '../../src/path/5-inspection/rewriting/recipe.ts'
import { reencodeImage } from '../../src/path/5-inspection/rewriting/reencode-image.ts'
import { stripMetadata } from '../../src/path/5-inspection/rewriting/strip-metadata.ts'
import type { ImageFacts } from '../../src/path/types.ts'
import { mutate } from '../fuzz/mutate.ts'
import { randomFrom } from '../fuzz/random.ts'
import * as zoo from '../support/image-zoo.ts'
import { bounds } from '../support/inspection.ts'
import { measured } from '../support/measured-bytes.ts'

interface Looked {
  readonly facts: ImageFacts | null
  /** Rule or reason, with the detail. */
  readonly noted: readonly string[]
  readonly taken: number
}

async function look(bytes: Buffer, type: FileTypeId): Promise<Looked> {
  const counted = measured(bytes)
  const noted: string[] = []
  let facts: ImageFacts | null = null
  await imageInspector.inspect({
    bytes: counted,
    name: 'image',
    detected: { type, description: type },
    depth: 0,
    expansion: new Expansion(bounds),
    observe: (rule, detail) => noted.push(`${rule}: ${detail}`),
    uncovered: (reason, detail) => noted.push(`${reason}: ${detail}`),
    measure: (measures) => {
      facts = measures.image ?? facts
    },
    member: () => Promise.resolve(true),
  })
  return { facts, noted, taken: counted.taken }
}

/** A picture in which every turn and every channel shows. */
const width = 40
const height = 24
const rgb = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + Math.floor(i / 120) * 3) % 256))
const picture = () => sharp(rgb, { raw: { width, height, channels: 3 } })
const flatFrame = (i: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: i * 90, g: 9, b: 60 } } })
    .png()
    .toBuffer()
const frames = async (count: number) =>
  sharp(await Promise.all(Array.from({ length: count }, (_, i) => flatFrame(i))), { join: { animated: true } })

const jpeg = await picture().jpeg({ quality: 90 }).toBuffer()
const progressive = await picture().jpeg({ progressive: true }).toBuffer()
const cmyk = await picture().toColourspace('cmyk').jpeg().toBuffer()
const png = await picture().png().toBuffer()
const interlaced = await picture().toColourspace('rgb16').png({ progressive: true }).toBuffer()
const webp = await picture().webp({ quality: 80 }).toBuffer()
const lossless = await picture().webp({ lossless: true }).toBuffer()
const animatedWebp = await (await frames(3)).webp().toBuffer()
const gif = await picture().gif().toBuffer()
const animatedGif = await (await frames(3)).gif().toBuffer()
const avif = await picture()
  .avif({ effort: 0 })
  .withExif({ IFD0: { Artist: 'me' } })
  .toBuffer()
const tiffFile = await picture().tiff({ compression: 'lzw' }).toBuffer()

const still = { width, height, frames: 1, metadata: 0, location: false }
const camera = zoo.jpegWith(
  jpeg,
  zoo.app1(zoo.exif(6)),
  zoo.xmpSegment(zoo.xmp(true)),
  zoo.segment(0xed, 'Photoshop 3.0\0'),
)
const bareApng = zoo.pngWith(
  png,
  zoo.chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])),
  zoo.chunk('fcTL', Buffer.alloc(26)),
  zoo.chunk('fcTL', Buffer.alloc(26)),
)
const zeroGps: readonly zoo.Tag[] = [{ tag: 2, type: 5, value: [0, 0, 0] }]
const heic = zoo.heif('heic', 4032, 3024, [zoo.exifItem(zoo.exif(6)), zoo.xmpItem(zoo.xmp(false))])

type Facts = Partial<ImageFacts>

/** What is measured; nothing is observed of any of these. */
const measuredCases: readonly [name: string, type: FileTypeId, bytes: Buffer, facts: Facts][] = [
  ['JPEG', 'jpeg', jpeg, still],
  ['progressive JPEG', 'jpeg', progressive, still],
  ['CMYK JPEG', 'jpeg', cmyk, { ...still, metadata: 0 }],
  ['camera JPEG', 'jpeg', camera, { metadata: camera.length - jpeg.length, location: true }],
  [
    'EXIF, big-endian',
    'jpeg',
    zoo.jpegWith(jpeg, zoo.app1(zoo.exif(1, zoo.gpsTags, { little: false }))),
    { location: true },
  ],
  ['EXIF with a position of zeros', 'jpeg', zoo.jpegWith(jpeg, zoo.app1(zoo.exif(1, zeroGps))), { location: false }],
  ['XMP without a position', 'jpeg', zoo.jpegWith(jpeg, zoo.xmpSegment(zoo.xmp(false))), { location: false }],
  ['JPEG without its end', 'jpeg', jpeg.subarray(0, -40), still],
  [
    'JPEG with fill bytes',
    'jpeg',
    Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(9, 0xff), jpeg.subarray(2)]),
    still,
  ],
  ['PNG', 'png', png, still],
  ['PNG of 16 bits, interlaced', 'png', interlaced, still],
  ['APNG', 'png', bareApng, { frames: 2 }],
  ['PNG with text', 'png', zoo.pngWith(png, zoo.chunk('tEXt', 'Comment\0hi')), { metadata: 22, location: false }],
  ['PNG with EXIF', 'png', zoo.pngWith(png, zoo.chunk('eXIf', zoo.exif(1))), { location: true }],
  [
    'PNG with packed XMP',
    'png',
    zoo.pngWith(png, zoo.packedText('Raw profile type xmp', zoo.rawProfile('xmp', zoo.xmp(true)))),
    { location: true },
  ],
  [
    'PNG with XMP',
    'png',
    zoo.pngWith(png, zoo.chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${zoo.xmp(true)}`)),
    { location: true },
  ],
  [
    'PNG with a raw profile',
    'png',
    zoo.pngWith(
      png,
      zoo.packedText(
        'Raw profile type exif',
        zoo.rawProfile('exif', Buffer.concat([Buffer.from('Exif\0\0'), zoo.exif(1)])),
      ),
    ),
    { location: true },
  ],
  ['PNG without its end', 'png', png.subarray(0, -30), still],
  ['GIF', 'gif', gif, still],
  ['animated GIF', 'gif', animatedGif, { ...still, frames: 3 }],
  ['GIF with a comment', 'gif', zoo.gifWith(gif, zoo.extension(0xfe, 'hello', 'again')), { metadata: 15 }],
  [
    'GIF with XMP',
    'gif',
    zoo.gifWith(gif, zoo.extension(0xff, 'XMP DataXMP', zoo.xmp(true).subarray(0, 255))),
    { location: true },
  ],
  ['GIF without a trailer', 'gif', gif.subarray(0, -1), still],
  ['WebP', 'webp', webp, still],
  ['lossless WebP', 'webp', lossless, still],
  ['animated WebP', 'webp', animatedWebp, { ...still, frames: 3 }],
  [
    'WebP with EXIF',
    'webp',
    zoo.webpWith(webp, width, height, 8, zoo.riffChunk('EXIF', zoo.exif(3))),
    { location: true },
  ],
  ['WebP cut off', 'webp', webp.subarray(0, -20), still],
  ['BMP', 'bmp', zoo.bmp(7, 5), { ...still, width: 7, height: 5 }],
  ['BMP from the top', 'bmp', zoo.bmp(7, -5), { ...still, width: 7, height: 5 }],
  ['BMP that tells no length', 'bmp', zoo.bmp(7, 5, 0), { ...still, width: 7, height: 5 }],
  ['TIFF', 'tiff', tiffFile, { width, height, frames: 1 }],
  [
    'TIFF of three pages',
    'tiff',
    zoo.tiff([zoo.page(4, 3), zoo.page(9, 3), zoo.page(4, 8)]),
    { width: 9, height: 8, frames: 3 },
  ],
  [
    'BigTIFF',
    'tiff',
    zoo.tiff([zoo.page(4, 3, [], zoo.gpsTags)], { big: true, little: false }),
    { width: 4, location: true },
  ],
  [
    'TIFF with XMP',
    'tiff',
    zoo.tiff([zoo.page(4, 3, [{ tag: 700, type: 1, value: zoo.xmp(true) }])]),
    { location: true },
  ],
  ['AVIF', 'avif', avif, { width, height, frames: 1, location: false }],
  ['HEIC', 'heic', heic, { width: 4032, height: 3024, frames: 1, location: true }],
  ['icon', 'ico', zoo.ico(png, zoo.bmp(16, 32).subarray(14)), { ...still, frames: 2 }],
]

t.test('dimensions, frames, metadata and place', async (t) => {
  for (const [name, type, bytes, expected] of measuredCases) {
    const { facts, noted } = await look(bytes, type)
    t.match(facts, expected, name)
    t.strictSame(noted, [], name)
  }
})

const noSize = Buffer.from(png)
noSize.writeUInt32BE(0, 16)
const twoFrames = zoo.jpegWith(jpeg, zoo.segment(0xc0, Buffer.from('08000100010111001', 'hex')))
const flat = Buffer.from(jpeg)
flat.writeUInt16BE(0, flat.indexOf(Buffer.from('ffc0', 'hex')) + 5)
const circle = zoo.tiff([zoo.page(4, 3)])
circle.copy(circle, circle.length - 4, 4, 8)
const badRiff = zoo.webpWith(webp, width, height, 0)
badRiff.writeUInt32LE(60, 4)

/** What ordinary decoders do not open. */
const damagedCases: readonly [type: FileTypeId, bytes: Buffer, detail: string][] = [
  ['jpeg', jpeg.subarray(0, 100), 'it has no frame header'],
  ['jpeg', flat, `its size is ${width} by 0 pixels`],
  ['jpeg', twoFrames, 'it has 2 frame headers'],
  ['jpeg', jpeg.subarray(0, jpeg.indexOf(Buffer.from('ffda', 'hex'))), 'it ends before its pixels begin'],
  ['png', noSize, `its size is 0 by ${height} pixels`],
  ['png', png.subarray(0, 40), 'it ends before its pixels begin'],
  ['png', png.subarray(0, 20), 'it does not begin with a header chunk'],
  ['png', zoo.pngWith(png, Buffer.from('7fffffff7a7a5a7a', 'hex')), 'its "zzZz" chunk is longer than the file'],
  ['png', zoo.pngWith(png, Buffer.from('0000000401020304', 'hex')), 'at offset 33 stands no chunk'],
  ['gif', gif.subarray(0, 9), 'it ends before its header does'],
  ['gif', Buffer.concat([gif.subarray(0, 13), Buffer.from(';')]), 'it has no picture'],
  ['webp', webp.subarray(0, 12), 'it has no picture'],
  ['webp', badRiff, 'a chunk is longer than the file says that it is itself'],
  ['bmp', zoo.bmp(7, 5).subarray(0, 20), 'it has no bitmap header'],
  ['bmp', zoo.bmp(0, 5), 'its size is 0 by 5 pixels'],
  ['tiff', circle, 'its directories lead in a circle'],
  ['tiff', zoo.tiff([]), 'at offset 0 stands no directory'],
  ['heic', heic.subarray(0, 60), 'it ends before its header does'],
  ['avif', zoo.box('ftyp', Buffer.from('avif\0\0\0\0')), 'its size is 0 by 0 pixels'],
  ['ico', Buffer.from([0, 0, 1, 0, 0, 0]), 'it has no picture'],
]

t.test('what decoders cannot open', async (t) => {
  for (const [type, bytes, detail] of damagedCases) {
    t.strictSame((await look(bytes, type)).noted, [`file.image.structure: ${detail}`], `${type}: ${detail}`)
  }
  const many = zoo.tiff(
    Array.from({ length: 400 }, () => ({ tags: [{ tag: 330, type: 4, value: Array.from({ length: 100 }, () => 9) }] })),
  )
  t.match((await look(many, 'tiff')).noted, ['file.image.structure', /^tooLarge: it has more than \d+ directories/])
})

const zeros = Buffer.alloc(70_000)
const canon = Buffer.concat([
  Buffer.from('CANON OPTIONAL DATA\0\0\x01\0\0\0\0\0\x05hello', 'latin1'),
  Buffer.from('CANON OPTIONAL DATA\0\0\0\0\x05', 'latin1'),
  Buffer.alloc(40),
])
const preview = zoo.jpegWith(jpeg, zoo.app1(zoo.exif(1)))

/** What may follow the end; the last column is what else is measured. */
const trailerCases: readonly [name: string, type: FileTypeId, bytes: Buffer[], facts: Facts][] = [
  ['line end', 'jpeg', [jpeg, Buffer.from('\r\n')], {}],
  ['zeros', 'png', [png, zeros], {}],
  ['erased flash', 'jpeg', [jpeg, Buffer.alloc(5000, 0xff)], {}],
  ['sixteen odd bytes, of which a real icon of Tk has thirteen', 'gif', [gif, Buffer.from('oddbytes'.repeat(2))], {}],
  ['second picture', 'jpeg', [jpeg, preview], { location: true }],
  ['padded pictures', 'jpeg', [jpeg, Buffer.alloc(100, 0xff), jpeg, zeros, preview], { location: true }],
  ['motion photo', 'jpeg', [jpeg, zoo.film()], { location: false }],
  ['motion photo with a place', 'jpeg', [jpeg, preview, zoo.film(true), zeros], { location: true }],
  ['Samsung', 'jpeg', [jpeg, zoo.samsungTrailer(zoo.film())], {}],
  ['Samsung behind a picture', 'jpeg', [jpeg, jpeg, zoo.samsungTrailer(Buffer.alloc(20, 1))], {}],
  ['Samsung on a screenshot', 'png', [png, zoo.samsungTrailer(Buffer.alloc(20, 1))], {}],
  ['Canon', 'jpeg', [jpeg, canon], {}],
  ['Photo Mechanic', 'jpeg', [jpeg, Buffer.from('records\0\0\0\x07cbipcbbl', 'latin1')], {}],
  ['FotoStation', 'jpeg', [jpeg, Buffer.from('rec\0\x01\0\0\0\x0d\xa1\xb2\xc3\xd4', 'latin1')], {}],
  ['still WebP behind an animated one', 'webp', [animatedWebp, webp], { frames: 3 }],
]
const text = Buffer.from('these bytes are of no use at all')

/** What may not; the last column is how many bytes of it are foreign. */
const foreignCases: readonly [name: string, type: FileTypeId, bytes: Buffer[], foreign: number][] = [
  ['text', 'jpeg', [jpeg, text], text.length],
  ['one more', 'png', [png, Buffer.from(`${'oddbytes'.repeat(2)}!`)], 17],
  ['text behind padding', 'gif', [gif, Buffer.alloc(64), text], text.length],
  ['text behind a picture', 'jpeg', [jpeg, preview, text], text.length],
  ['text behind a film', 'jpeg', [jpeg, zoo.film(), text], text.length],
  ['text before Samsung', 'jpeg', [jpeg, text, zoo.samsungTrailer(text)], text.length],
  ['a picture that does not end', 'jpeg', [jpeg, jpeg.subarray(0, -2)], jpeg.length - 2],
  ['a brand that is no film', 'jpeg', [jpeg, zoo.box('ftyp', Buffer.from('mp42\0\0\0\0')), text], text.length + 13],
  ['what an editor left', 'png', [png, png.subarray(60)], png.length - 60],
  ['text', 'webp', [webp, text], text.length],
  ['text', 'bmp', [zoo.bmp(7, 5), text], text.length],
  ['text', 'ico', [zoo.ico(png), text], text.length],
  ['text', 'heic', [heic, text], text.length],
  ['text behind zeros', 'heic', [heic, Buffer.alloc(4), text], text.length],
]

t.test('what follows the end', async (t) => {
  for (const [name, type, parts, expected] of trailerCases) {
    const { facts, noted } = await look(Buffer.concat(parts), type)
    t.strictSame(noted, [], name)
    t.match(facts, { width, height, ...expected }, name)
  }
  for (const [name, type, parts, foreign] of foreignCases) {
    const bytes = Buffer.concat(parts)
    // Padding goes with what it stands before.
    const detail = `${foreign} bytes follow the end of the image at offset`
    const { noted } = await look(bytes, type)
    t.equal(noted.length, 1, `${type}: ${name}`)
    t.match(noted[0], `file.disguise.trailing: ${detail}`, `${type}: ${name}`)
  }
})

/** Pixels as a viewer shows them. */
async function shownPixels(bytes: Buffer): Promise<string> {
  const { pages = 1 } = await sharp(bytes).metadata()
  const image = sharp(bytes, { pages: -1, failOn: 'none' })
  const { data, info } = await (pages > 1 ? image : image.rotate()).raw().toBuffer({ resolveWithObject: true })
  return `${info.width}x${info.height}x${info.channels} ${data.toString('base64')}`
}

function strip(bytes: Buffer, type: FileTypeId): Buffer | 'none' | 'impossible' {
  const recipe = stripMetadata(memoryBytes(bytes), type)
  if (typeof recipe === 'string') return recipe
  const stripped = Buffer.concat(
    recipe.map((piece) => ('literal' in piece ? piece.literal : bytes.subarray(piece.start, piece.end))),
  )
  return stripped.length === recipeSize(recipe) ? stripped : Buffer.alloc(0)
}

const icc = await picture().withIccProfile('p3').jpeg().toBuffer()
const turned = (orientation: number) => zoo.exif(orientation)
const comment = zoo.segment(0xfe, 'taken by me')
const thumbnailed = zoo.segment(0xe0, Buffer.from('4a46494600010100000100010101aabbcc', 'hex'))
const control = Buffer.from('21f904090a000000', 'hex')
const plainText = zoo.extension(1, Buffer.alloc(12), 'text')
const secretTags: readonly zoo.Tag[] = [
  { tag: 270, type: 2, value: 'where I live, in words\0' },
  { tag: 37_724, type: 7, value: Buffer.alloc(300, 5) },
]
const pages = [zoo.page(8, 5, secretTags, zoo.gpsTags), zoo.page(8, 5, secretTags)]
const exifAvif = avif

/** Files that have something to take out; all of them decode. */
const stripCases: readonly [name: string, type: FileTypeId, bytes: Buffer][] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((o): [string, FileTypeId, Buffer] => [
    `JPEG turned by ${o}`,
    'jpeg',
    zoo.jpegWith(jpeg, zoo.app1(turned(o))),
  ]),
  [
    'camera JPEG',
    'jpeg',
    Buffer.concat([
      zoo.jpegWith(progressive, zoo.app1(turned(5)), zoo.xmpSegment(zoo.xmp(true)), comment),
      preview,
      zoo.film(true),
    ]),
  ],
  ['JPEG with two EXIF blocks', 'jpeg', zoo.jpegWith(jpeg, zoo.app1(turned(6)), zoo.app1(turned(3)))],
  ['CMYK JPEG', 'jpeg', zoo.jpegWith(cmyk, comment)],
  ['JPEG with a profile', 'jpeg', zoo.jpegWith(icc, zoo.app1(turned(8)))],
  ['JPEG with a thumbnail', 'jpeg', zoo.jpegWith(jpeg, thumbnailed)],
  ['JPEG without its end', 'jpeg', zoo.jpegWith(jpeg, comment).subarray(0, -2)],
  ...[1, 6].map((o): [string, FileTypeId, Buffer] => [
    `PNG turned by ${o}`,
    'png',
    zoo.pngWith(png, zoo.chunk('eXIf', turned(o)), zoo.chunk('tIME', Buffer.alloc(7))),
  ]),
  [
    'PNG',
    'png',
    Buffer.concat([
      zoo.pngWith(
        interlaced,
        zoo.chunk('gAMA', Buffer.from([0, 0, 0x80, 0])),
        zoo.packedText('Comment', text),
        zoo.chunk('prVt', text),
      ),
      text,
    ]),
  ],
  ...[1, 6].map((o): [string, FileTypeId, Buffer] => [
    `WebP turned by ${o}`,
    'webp',
    zoo.webpWith(webp, width, height, 12, zoo.riffChunk('EXIF', turned(o)), zoo.riffChunk('XMP ', zoo.xmp(true))),
  ]),
  [
    'WebP with an unknown chunk',
    'webp',
    zoo.webpWith(lossless, width, height, 0, zoo.riffChunk('ABCD', Buffer.alloc(3))),
  ],
  ['animated WebP', 'webp', Buffer.concat([animatedWebp, webp])],
  [
    'GIF',
    'gif',
    zoo.gifWith(animatedGif, control, plainText, zoo.extension(0xfe, 'me'), zoo.extension(0xff, 'XMP DataXMP', 'x')),
  ],
  ['TIFF', 'tiff', zoo.tiff(pages)],
  ['TIFF, big-endian', 'tiff', zoo.tiff(pages, { little: false })],
  ['BigTIFF', 'tiff', zoo.tiff(pages, { big: true })],
  ['turned TIFF', 'tiff', zoo.tiff([zoo.page(8, 5, [{ tag: 274, type: 3, value: [6] }, ...secretTags], zoo.gpsTags)])],
  ['AVIF', 'avif', exifAvif],
]

t.test('stripping takes out the metadata and no pixel', async (t) => {
  for (const [name, type, bytes] of stripCases) {
    const stripped = strip(bytes, type)
    if (typeof stripped === 'string') {
      t.fail(`${name}: ${stripped}`)
      continue
    }
    const { facts, noted } = await look(stripped, type)
    t.match(facts, { metadata: 0, location: false }, name)
    t.strictSame(noted, [], name)
    t.equal(await shownPixels(stripped), await shownPixels(bytes), `${name}: the same pixels`)
    t.notMatch(stripped.toString('latin1'), /Acme|GPSLat|taken by|where I live|these bytes|\xa9xyz/, name)
    t.equal(strip(stripped, type), 'none', `${name}: once is enough`)
  }
  t.match(await sharp(strip(zoo.jpegWith(icc, comment), 'jpeg')).metadata(), { icc: Buffer }, 'the profile stays')
})

t.test('stripping what does not decode here, and what cannot be stripped', async (t) => {
  const cleanHeic = strip(heic, 'heic') as Buffer
  t.equal(cleanHeic.length, heic.length)
  t.match((await look(cleanHeic, 'heic')).facts, { width: 4032, metadata: 0, location: false })
  t.notMatch(cleanHeic.toString('latin1'), /Acme|rdf:/)
  const motion = Buffer.concat([heic, zoo.box('mpvd', zoo.film(true))])
  t.match((await look(motion, 'heic')).facts, { location: true })
  t.equal((strip(motion, 'heic') as Buffer).length, heic.length)
  const sharing = zoo.heif('heic', 9, 9, [zoo.exifItem(zoo.exif(1))])
  sharing.writeUInt32BE(sharing.length - 200, sharing.indexOf('iloc') + 18)
  t.equal(strip(sharing, 'heic'), 'impossible', 'metadata in the same place as a picture')

  const icon = zoo.ico(zoo.pngWith(png, zoo.chunk('tEXt', 'Author\0me')), png)
  const cleanIcon = strip(icon, 'ico') as Buffer
  t.match((await look(cleanIcon, 'ico')).facts, { width, frames: 2, metadata: 0 })
  t.same(cleanIcon.subarray(38, 38 + png.length), png)
  t.equal(strip(zoo.ico(png), 'ico'), 'none')
  t.equal(strip(zoo.bmp(7, 5), 'bmp'), 'none')
  t.same(strip(Buffer.concat([zoo.bmp(7, 5), text]), 'bmp'), zoo.bmp(7, 5))

  const oldJpeg = zoo.page(4, 3, secretTags)
  const tags = oldJpeg.tags.map((tag) => (tag.tag === 259 ? { ...tag, value: [6] } : tag))
  t.equal(strip(zoo.tiff([{ ...oldJpeg, tags }]), 'tiff'), 'impossible', 'old-style JPEG in TIFF')
  t.equal(strip(zoo.tiff([{ tags: [...oldJpeg.tags] }]), 'tiff'), 'impossible', 'no strips')
  for (const [type, bytes] of damagedCases) t.equal(strip(bytes, type), 'impossible', type)
  t.equal(strip(text, 'pdf'), 'impossible')
  t.equal(
    strip(
      zoo.pngWith(png, ...Array.from({ length: 102_000 }, (_, i) => zoo.chunk(i % 2 ? 'tEXt' : 'bKGD', ''))),
      'png',
    ),
    'impossible',
  )
})

t.test('no mutant breaks the reading, and what is stripped of one has no metadata', async (t) => {
  const seeds = [
    ...measuredCases,
    ...trailerCases.map(([n, ty, b]) => [n, ty, Buffer.concat(b)] as const),
    ...stripCases,
  ]
  const random = randomFrom(20_260_103)
  for (const [name, type, bytes] of seeds) {
    for (let round = 0; round < 60; round += 1) {
      const other = seeds[random(seeds.length)]?.[2] ?? text
      const mutant = mutate(bytes, {
        random,
        other,
        tokens: ['Exif\0\0', '\xff\xe1', 'IDAT', 'moov', 'meta', 'GPSLatitude', '\0\0\0\0'],
      })
      const at = `${name}: ${mutant.toString('base64').slice(0, 2000)}`
      const { taken } = await look(mutant, type)
      if (taken > 12 * mutant.length + 2 ** 20) t.fail(`${taken} bytes read, ${at}`)
      const stripped = strip(mutant, type)
      if (typeof stripped === 'string') continue
      if (stripped.length > mutant.length + 64) t.fail(`longer, ${at}`)
      const { facts } = await look(stripped, type)
      if (facts?.metadata !== 0 || facts.location) t.fail(`${facts?.metadata} ${facts?.location}, ${at}`)
    }
  }
  t.pass(`${seeds.length * 60} mutants`)
})

const limits = { pixels: 100_000, frames: 5 }

/** How far samples are off on average, as viewers show them. */
async function difference(before: Buffer, after: Buffer): Promise<number> {
  const plain = (bytes: Buffer) => sharp(bytes).rotate().removeAlpha().toColourspace('srgb').raw().toBuffer()
  const [a, b] = [await plain(before), await plain(after)]
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  return a.reduce((total, value, index) => total + Math.abs(value - (b[index] ?? 0)), 0) / a.length
}

t.test('re-encoding keeps the picture and nothing else', async (t) => {
  const cases: [name: string, type: FileTypeId, bytes: Buffer, off: number][] = [
    ['JPEG', 'jpeg', camera, 8],
    ['JPEG with a profile', 'jpeg', icc, 12],
    ['CMYK JPEG', 'jpeg', zoo.jpegWith(cmyk, comment), 12],
    ['PNG', 'png', zoo.pngWith(png, zoo.chunk('eXIf', turned(6)), zoo.chunk('tEXt', 'a\0b')), 0],
    ['PNG of 16 bits', 'png', interlaced, 0.5],
    ['lossless WebP', 'webp', zoo.webpWith(lossless, width, height, 8, zoo.riffChunk('EXIF', turned(8))), 0],
    ['WebP', 'webp', webp, 6],
    ['GIF', 'gif', zoo.gifWith(gif, zoo.extension(0xfe, 'me')), 6],
    ['TIFF', 'tiff', zoo.tiff([zoo.page(8, 5, secretTags, zoo.gpsTags)]), 0],
    ['AVIF', 'avif', exifAvif, 8],
  ]
  for (const [name, type, bytes, off] of cases) {
    const written = await reencodeImage(bytes, type, limits)
    if (written === 'impossible') {
      t.fail(`${name} is possible`)
      continue
    }
    const { facts, noted } = await look(written, type)
    t.strictSame(noted, [], name)
    t.match(facts, { metadata: 0, location: false }, name)
    const metadata = await sharp(written).metadata()
    t.match(
      [metadata.exif, metadata.xmp, metadata.iptc, metadata.orientation ?? 1],
      [undefined, undefined, undefined, 1],
      name,
    )
    const average = await difference(bytes, written)
    t.ok(average <= off, `${name}: ${average} off`)
  }
})

t.test('re-encoding keeps animations and depth, and refuses what it cannot do', async (t) => {
  for (const [type, bytes] of [
    ['gif', animatedGif],
    ['webp', animatedWebp],
    ['tiff', zoo.tiff([zoo.page(4, 3), zoo.page(4, 3), zoo.page(4, 3)])],
  ] as const) {
    const written = await reencodeImage(bytes, type, limits)
    t.equal((await look(written as Buffer, type)).facts?.frames, 3, type)
    t.equal(await reencodeImage(bytes, type, { ...limits, frames: 2 }), 'impossible', `${type}: too many frames`)
  }
  t.equal((await sharp((await reencodeImage(interlaced, 'png', limits)) as Buffer).metadata()).depth, 'ushort')
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  const impossible: [name: string, type: FileTypeId, bytes: Buffer][] = [
    ['HEIC', 'heic', heic],
    ['BMP', 'bmp', zoo.bmp(7, 5)],
    ['SVG', 'svg', svg],
    ['SVG under another name', 'png', svg],
    ['PNG under another name', 'jpeg', png],
    ['APNG', 'png', bareApng],
    ['cut off', 'jpeg', jpeg.subarray(0, jpeg.length >> 1)],
    ['damaged', 'png', zoo.pngWith(png.subarray(0, -40))],
  ]
  for (const [name, type, bytes] of impossible) t.equal(await reencodeImage(bytes, type, limits), 'impossible', name)
  t.equal(await reencodeImage(png, 'png', { pixels: width * height - 1, frames: 1 }), 'impossible', 'too many pixels')
  await t.rejects(sharp(svg).metadata(), 'the loader of SVG is blocked')
})

const programs = ['/usr/bin/convert', '/usr/bin/exiftool', '/usr/bin/heif-enc', '/usr/bin/avifenc']
const absent = programs.every((program) => existsSync(program))
  ? false
  : 'apt-get install imagemagick libimage-exiftool-perl libheif-examples libavif-bin'

const script = `
set -e
convert -size 160x120 plasma:red-blue -depth 8 -set comment made -write base.png -write h.webp -write plain.gif \\
  '(' +clone -quality 85 -write a.jpg -interlace JPEG -write b.jpg -colorspace CMYK -write c.jpg +delete ')' \\
  '(' +clone -colorspace Gray -define jpeg:restart=5 -write d.jpg +delete ')' \\
  '(' +clone -depth 16 -interlace PNG -set author me -write e.png +delete ')' \\
  '(' +clone -colors 16 -write PNG8:f.png +delete ')' '(' +clone -define webp:lossless=true -write i.webp +delete ')' \\
  '(' +clone -compress LZW -write j.tif -compress JPEG -write k.tif -compress none -endian MSB -write l.tif +delete ')' \\
  '(' +clone -define tiff:tile-geometry=64x64 -write TIFF64:big.tif +delete ')' \\
  '(' +clone -alpha set -write BMP:o.bmp -alpha off -write BMP2:q.bmp -colors 4 -compress RLE -write p.bmp +delete ')' \\
  '(' +clone -define icon:auto-resize=64,32,16 -write r.ico +delete ')' null:
convert -delay 10 -loop 0 base.png '(' base.png -negate ')' -set comment made -write g.gif -write anim.webp \\
  -compress zip pages.tif
heif-enc -q 50 -t 64 base.png -o s.heic >/dev/null
avifenc -s 10 -j 1 base.png u.avif >/dev/null
exiftool -q -q -overwrite_original -n -Make=Acme -Model=X1 -GPSLatitude=48.1 -GPSLatitudeRef=N -GPSLongitude=11.5 \\
  -GPSLongitudeRef=E -Artist=Me -XMP:Creator=Me -XMP-exif:GPSLatitude=48.1 -IPTC:City=X -Orientation=6 ?.jpg ?.png ?.webp ?.tif ?.heic ?.avif || true
exiftool -q -q -overwrite_original -XMP:Creator=Me -XMP-exif:GPSLatitude=48.1 g.gif
`
const typeOf = (name: string): FileTypeId => {
  const extension = name.split('.').at(-1) ?? ''
  return ({ jpg: 'jpeg', tif: 'tiff' } as const)[extension as 'jpg'] ?? (extension as FileTypeId)
}

/** Groups of exiftool that hold metadata; what stays in them is how the picture is stored and turned. */
const harmless =
  /^(?:SourceFile|(?:ExifTool|System|File|PNG|PNG-\w+|GIF|RIFF|Composite|QuickTime|Meta|JFIF|ICC\w*|ICC-\w+|APP14|Adobe):.*|IFD\d:(?:Orientation|Image.*|Bits.*|Compression|Photo.*|FillOrder|Strip.*|Samples.*|Rows.*|Planar.*|PageNumber|Predictor|WhitePoint|Primary.*|Tile.*|JPEGTables|Subfile.*|Preview.*|.Resolution|ResolutionUnit|YCbCr.*|Extra.*|Sample.*|ColorMap))$/
const telling = /Comment|Author|Artist|Make|Model|Creat|GPS|City|Thumbnail/

t.test('what real programs write', { skip: absent }, async (t) => {
  const folder = t.testdir()
  execFileSync('bash', ['-c', script], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  mkdirSync(join(folder, 'stripped'))
  const names = readdirSync(folder).filter((name) => /\.\w+$/.test(name))
  t.ok(names.length >= 22, 'all are there')
  for (const name of names) {
    const type = typeOf(name)
    const bytes = readFileSync(join(folder, name))
    const { facts, noted } = await look(bytes, type)
    t.strictSame(noted, [], name)
    t.match(
      facts,
      name === 'r.ico' ? { frames: 3, width: 64 } : { width: 160, height: 120, location: /^[a-ns-u]\./.test(name) },
      name,
    )
    const stripped = strip(bytes, type)
    t.not(stripped, 'impossible', name)
    if (typeof stripped === 'string') continue
    writeFileSync(join(folder, 'stripped', name), stripped)
    t.match((await look(stripped, type)).facts, { metadata: 0, location: false }, name)
    if (type !== 'heic') t.equal(await shownPixels(stripped), await shownPixels(bytes), `${name}: the same pixels`)
  }
  const pixels = (file: string) =>
    execFileSync('convert', [file, '-auto-orient', 'RGB:-'], { cwd: folder, maxBuffer: 2 ** 24 })
  t.ok(pixels('s.heic').equals(pixels('stripped/s.heic')), 'HEIC: the same pixels')
  const listed = execFileSync('exiftool', ['-j', '-a', '-G1', ...readdirSync(join(folder, 'stripped'))], {
    cwd: join(folder, 'stripped'),
    encoding: 'utf8',
  })
  for (const file of JSON.parse(listed) as Record<string, unknown>[]) {
    const left = Object.keys(file).filter(
      (key) => !harmless.test(key) || (telling.test(key) && !/^(?:System|File|Composite)/.test(key)),
    )
    t.strictSame(left, [], `${String(file.SourceFile)}: exiftool finds nothing`)
  }
})

t.test('all image types have an inspector', (t) => {
  t.ok(imageInspector.types?.every((type) => isImageType(type)))
  t.match(imageInspector.coverage, /\.$/)
  t.end()
})
