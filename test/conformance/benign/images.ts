import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { picture } from './picture.ts'
import { filesIn, run, type Source } from './source.ts'

/** Arguments of convert between input and output, and the output; each a way in which images really are written. */
const writings: readonly (readonly [...args: string[], output: string])[] = [
  ['-quality', '85', 'baseline.jpg'],
  ['-interlace', 'Plane', '-comment', 'made by hand', 'progressive.jpg'],
  ['-colorspace', 'CMYK', 'cmyk.jpg'],
  ['-colorspace', 'Gray', '-define', 'jpeg:arithmetic-coding=false', 'grey.jpg'],
  ['-define', 'jpeg:restart-interval=8', 'restarts.jpg'],
  ['-depth', '16', '-set', 'Title', 'A long title', 'deep.png'],
  ['-interlace', 'PNG', 'interlaced.png'],
  ['-colors', '16', '-define', 'png:color-type=3', 'palette.png'],
  ['-colorspace', 'Gray', '-alpha', 'set', 'grey-alpha.png'],
  ['still.gif'],
  ['(', '+clone', '-negate', ')', '(', '-clone', '0', '-flip', ')', '-loop', '0', '-set', 'delay', '10', 'moving.gif'],
  ['-comment', 'a comment in the picture', 'GIF87:comment.gif'],
  ['-quality', '80', 'lossy.webp'],
  ['-define', 'webp:lossless=true', 'lossless.webp'],
  ['(', '+clone', '-negate', ')', '-loop', '0', '-set', 'delay', '10', 'moving.webp'],
  ['plain.bmp'],
  ['-colors', '16', 'BMP3:palette.bmp'],
  ['BMP2:old.bmp'],
  ['-compress', 'LZW', 'lzw.tiff'],
  ['-compress', 'JPEG', 'jpeg.tiff'],
  ['-compress', 'Group4', '-monochrome', 'fax.tif'],
  ['-define', 'tiff:tile-geometry=64x64', '-compress', 'Zip', 'tiled.tif'],
  ['-define', 'tiff:endian=msb', '-depth', '16', 'big-endian.tiff'],
  ['(', '+clone', '-negate', ')', '-adjoin', 'pages.tiff'],
  ['TIFF64:large.tif'],
  ['-define', 'icon:auto-resize=64,32,16', 'several.ico'],
  ['photo.avif'],
  ['photo.heic'],
]

const pictures = ['jpg', 'png', 'gif', 'webp', 'bmp', 'tiff', 'tif', 'ico', 'avif', 'heic']

export const imageMagick: Source = {
  title: 'ImageMagick',
  needs: ['/usr/bin/convert'],
  packages: 'imagemagick',
  collect: async (directory) => {
    await writeFile(join(directory, 'original.png'), picture())
    for (const args of writings) await run(directory, 'convert', 'original.png', ...args)
    await run(
      directory,
      'convert',
      '-size',
      '3000x2000',
      'plasma:red-blue',
      '-seed',
      '1',
      '-quality',
      '92',
      'large.jpg',
    )
    return filesIn(directory, ...pictures)
  },
}
