import { inflateRawSync, zstdDecompressSync } from 'node:zlib'

/** Methods by what people call them (APPNOTE 6.3.10, §4.4.5). */
const names = new Map([
  [0, 'no packing'],
  [1, 'Shrink'],
  [2, 'Reduce'],
  [3, 'Reduce'],
  [4, 'Reduce'],
  [5, 'Reduce'],
  [6, 'Implode'],
  [8, 'Deflate'],
  [9, 'Deflate64'],
  [10, 'PKWARE Implode'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [16, 'IBM CMPSC'],
  [18, 'IBM TERSE'],
  [19, 'IBM LZ77'],
  [20, 'Zstandard of an early kind'],
  [93, 'Zstandard'],
  [94, 'MP3'],
  [95, 'xz'],
  [96, 'JPEG variant'],
  [97, 'WavPack'],
  [98, 'PPMd'],
  [99, 'AES'],
])

export function methodName(method: number): string {
  return names.get(method) ?? `method ${method}`
}

/** What was unpacked, and how much of the packed bytes that took. */
interface Decompressed {
  readonly buffer: Buffer
  readonly consumed: number
}

/** Both in bytes; more output than the first is an error, as with every function of node:zlib. */
interface Output {
  readonly maxOutputLength: number
  readonly chunkSize: number
}

type Decompressor = (packed: Buffer, output: Output) => Decompressed

/** The decompressor for a method; null where there is none. */
export function decompressorOf(method: number): Decompressor | null {
  if (method === 8) return (packed, output) => resultOf(inflateRawSync(packed, { ...output, info: true }))
  if (method === 93) return (packed, output) => resultOf(zstdDecompressSync(packed, { ...output, info: true }))
  return null
}

/** With `info`, node:zlib gives the engine as well, of which its types know nothing for functions that end in Sync. */
function resultOf(result: unknown): Decompressed {
  const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } }
  return { buffer, consumed: engine.bytesWritten }
}
