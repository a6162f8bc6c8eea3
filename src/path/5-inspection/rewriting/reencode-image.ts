import type { Metadata, Sharp } from 'sharp'
import type { FileTypeId } from '../../../file-types/catalogue.ts'
import { memoryBytes } from '../bytes.ts'
import { readImage } from '../images/read-image.ts'
import { beginsAs, type EncodedType, isEncoded, sharpLibrary } from './sharp-library.ts'

/** Seconds of decoding and encoding; the library's threads cannot be ended from outside, and outlive the one that asked. */
const longest = 10
/** AVIF is encoded in one piece, which no time limit ends: up to half a second for a million pixels of noise. */
const mostPixelsOfAvif = 24_000_000
/** Pixels up to which there is time for smaller AVIF files; it takes four times as long. */
const carefulPixels = 4_000_000

/**
 * Decodes an image and writes it anew in its own format: what a decoder does not need does not survive. Turned as its
 * orientation says, in sRGB, without metadata; animations stay. `impossible` for formats without an encoder, for images
 * past `limits` (pixels are those of all frames together), and for what does not decode without errors.
 */
export async function reencodeImage(
  input: Buffer,
  type: FileTypeId,
  limits: { readonly pixels: number; readonly frames: number },
): Promise<Buffer | 'impossible'> {
  if (!isEncoded(type) || !beginsAs(type, input)) return 'impossible'
  const { width, height, frames, damage } = readImage(memoryBytes(input), type)
  if (damage !== null || frames > limits.frames || width * height * frames > limits.pixels) return 'impossible'
  if (type === 'avif' && width * height > mostPixelsOfAvif) return 'impossible'
  // The library decodes only the first picture of these.
  if (frames > 1 && (type === 'png' || type === 'avif')) return 'impossible'
  const sharp = await sharpLibrary()
  const options = {
    failOn: 'error',
    limitInputPixels: limits.pixels,
    pages: type === 'tiff' || frames > 1 ? -1 : 1,
  } as const
  try {
    const image = sharp(input, options).timeout({ seconds: longest })
    const metadata = await image.metadata()
    if (metadata.format !== (type === 'avif' ? 'heif' : type) || (metadata.pages ?? 1) > limits.frames)
      return 'impossible'
    return await encoded(image.autoOrient(), type, metadata, input).toBuffer()
  } catch {
    return 'impossible'
  }
}

/**
 * Quality: what cannot be seen at normal size and does not double the file. JPEG 90 keeps the colour resolution that it
 * had, since text on coloured ground suffers from half of it. Lossless stays lossless, 16 bits stay 16 bits.
 */
function encoded(image: Sharp, type: EncodedType, metadata: Metadata, input: Buffer): Sharp {
  const deep = metadata.depth === 'ushort' && (type === 'png' || type === 'tiff')
  const picture = deep ? image.toColourspace(metadata.channels < 3 ? 'grey16' : 'rgb16') : image
  switch (type) {
    case 'jpeg': {
      const chromaSubsampling = metadata.chromaSubsampling === '4:2:0' ? '4:2:0' : '4:4:4'
      return picture.jpeg({ quality: 90, chromaSubsampling, progressive: metadata.isProgressive ?? false })
    }
    case 'png':
      return picture.png({ compressionLevel: 6, progressive: metadata.isProgressive ?? false })
    case 'gif':
      return picture.gif({ effort: 4 })
    case 'webp':
      return picture.webp(isLossless(input) ? { lossless: true } : { quality: 90 })
    case 'tiff':
      return picture.tiff({ compression: 'lzw', predictor: 'horizontal' })
    case 'avif':
      return picture.avif({ quality: 70, effort: metadata.width * metadata.height > carefulPixels ? 0 : 2 })
  }
}

/** The first picture of a WebP file says how all of them are packed, near enough. */
function isLossless(input: Buffer): boolean {
  const head = input.subarray(0, 64 * 1024)
  const lossless = head.indexOf('VP8L')
  const lossy = head.indexOf('VP8 ')
  return lossless >= 0 && (lossy < 0 || lossless < lossy)
}
