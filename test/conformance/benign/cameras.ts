import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { picture } from './picture.ts'
import { filesIn, run, type Source } from './source.ts'

/** What cameras and telephones say beside the picture. */
const tags = [
  '-Make=Example',
  '-Model=Example X100',
  '-Software=1.2',
  '-DateTimeOriginal=2026:01:02 03:04:05',
  '-ExposureTime=1/250',
  '-ISO=400',
  '-GPSLatitude=52.5163',
  '-GPSLatitudeRef=N',
  '-GPSLongitude=13.3777',
  '-GPSLongitudeRef=E',
  '-GPSAltitude=34',
  '-UserComment=in the garden <?',
  '-XMP:Creator=Ann Example',
  '-XMP:Description=A garden with <flowers> & bees',
  '-IPTC:Caption-Abstract=A garden',
  '-IPTC:Keywords=garden',
  '-Comment=shot by hand',
]

/** JPEGs as cameras write them: EXIF with place and thumbnail, a colour profile, and pictures behind the picture. */
export const cameras: Source = {
  title: 'camera-like files by ImageMagick and exiftool',
  needs: ['/usr/bin/convert', '/usr/bin/exiftool', '/usr/share/color/icc/ghostscript/srgb.icc'],
  packages: 'imagemagick libimage-exiftool-perl ghostscript',
  collect: async (directory) => {
    await writeFile(join(directory, 'original.png'), picture())
    await run(directory, 'convert', 'original.png', 'thumbnail.jpg')
    const profile = ['-profile', '/usr/share/color/icc/ghostscript/srgb.icc']
    for (const extension of ['jpg', 'png', 'webp', 'tif', 'heic', 'avif']) {
      await run(directory, 'convert', 'original.png', ...profile, `photo.${extension}`)
    }
    const photographs = filesIn(directory, 'jpg', 'png', 'webp', 'tif', 'heic', 'avif')
    await run(directory, 'exiftool', '-q', '-overwrite_original', ...tags, ...photographs)
    await run(directory, 'exiftool', '-q', '-overwrite_original', '-ThumbnailImage<=thumbnail.jpg', 'photo.jpg')
    await addTrailers(directory)
    return filesIn(directory, 'jpg', 'png', 'webp', 'tif', 'heic', 'avif')
  },
}

async function addTrailers(directory: string): Promise<void> {
  const photograph = await readFile(join(directory, 'photo.jpg'))
  const thumbnail = await readFile(join(directory, 'thumbnail.jpg'))
  await writeFile(join(directory, 'several-pictures.jpg'), multiPicture(photograph, thumbnail))
  await writeFile(join(directory, 'telephone.jpg'), Buffer.concat([photograph, samsungTrailer()]))
  await writeFile(join(directory, 'padded.jpg'), Buffer.concat([photograph, Buffer.alloc(512)]))
}

/** Two whole JPEGs, the first with the index of both (CIPA DC-007, Multi-Picture Format). */
function multiPicture(first: Buffer, second: Buffer): Buffer {
  const index = Buffer.alloc(4 + 4 + 8 + 2 + 3 * 12 + 4 + 32)
  index.write('MPF\0', 0, 'latin1')
  index.write('49492a0008000000', 4, 'hex')
  index.writeUInt16LE(3, 12)
  const field = (at: number, tag: number, type: number, count: number, value: number): void => {
    index.writeUInt16LE(tag, at)
    index.writeUInt16LE(type, at + 2)
    index.writeUInt32LE(count, at + 4)
    index.writeUInt32LE(value, at + 8)
  }
  field(14, 0xb000, 7, 4, 0x30303130)
  field(26, 0xb001, 4, 1, 2)
  field(38, 0xb002, 7, 32, 50)
  const size = first.length + 4 + index.length
  index.writeUInt32LE(0x20030000, 54)
  index.writeUInt32LE(size, 58)
  index.writeUInt32LE(second.length, 74)
  // From the byte order mark of the index, which stands behind SOI, marker, length and "MPF\0".
  index.writeUInt32LE(size - 10, 78)
  const segment = Buffer.from([0xff, 0xe2, 0, index.length + 2])
  return Buffer.concat([first.subarray(0, 2), segment, index, first.subarray(2), second])
}

/** What Samsung telephones append: named blocks, then their directory, as exiftool reads it. */
function samsungTrailer(): Buffer {
  const name = 'Image_UTC_Data'
  const value = '1767322245000'
  const block = Buffer.alloc(8 + name.length + value.length)
  block.writeUInt16LE(0x0a01, 2)
  block.writeUInt32LE(name.length, 4)
  block.write(name + value, 8, 'latin1')
  const directory = Buffer.alloc(12 + 12 + 8)
  directory.write('SEFH', 0, 'latin1')
  directory.writeUInt32LE(106, 4)
  directory.writeUInt32LE(1, 8)
  directory.writeUInt16LE(0x0a01, 14)
  directory.writeUInt32LE(block.length, 16)
  directory.writeUInt32LE(block.length, 20)
  directory.writeUInt32LE(24, 24)
  directory.write('SEFT', 28, 'latin1')
  return Buffer.concat([block, directory])
}
