import { zstdDecompressSync } from 'node:zlib'
import type { Inspector, Subject } from '../inspector.ts'
import { inspectPacked, unpackedName } from './packed-content.ts'
import { readZstdFrames } from './zstd-frames.ts'

export const zstdInspector: Inspector = {
  name: 'zstd',
  types: ['zstd'],
  coverage:
    'All frames are unpacked, and what they give together is inspected as one file; skippable frames are passed over. ' +
    'What needs a dictionary, or a window of more than 128 MiB, is not looked into.',
  inspect,
}

/** Of a window, which is memory beside the output, as far as the output fills it. `zstd --long` asks for this much. */
const largestWindow = 128 * 1024 * 1024

async function inspect(subject: Subject): Promise<void> {
  const decompress = (packed: Buffer, { maxOutputLength = 0 }) => {
    const frames = readZstdFrames(packed)
    if (frames === null) throw new Error('a frame is cut off')
    const { end, count, window, hasDictionary } = frames
    if (hasDictionary) subject.uncovered('unsupported', 'it was packed with a dictionary, which it does not contain')
    if (window > largestWindow) subject.uncovered('unsupported', `it asks for a window of ${window} bytes`)
    const left = packed.length - end
    if (left > 0) subject.observe('file.disguise.trailing', `${left} bytes follow the end of the Zstandard data`)
    return count === 0 ? Buffer.alloc(0) : zstdDecompressSync(packed.subarray(0, end), { maxOutputLength })
  }
  await inspectPacked(subject, decompress, () => unpackedName(subject.name))
}
