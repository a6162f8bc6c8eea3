import { blockSize } from '../tar-header.ts'
import { storedStream } from './stored-stream.ts'

/**
 * An xz file as one whose content is a tar archive with one member, which is the content: streams that follow each other
 * unpack to one. libarchive as it is built unpacks no bare content, and tells the length of no content.
 */
export function wrapped(packed: Buffer, size: number): readonly Buffer[] {
  const padding = Buffer.alloc(((blockSize - (size % blockSize)) % blockSize) + 2 * blockSize)
  return [storedStream(tarHeader(size)), packed, storedStream(padding)]
}

/** Of an ordinary file; `size` below 8 GiB. */
function tarHeader(size: number): Buffer {
  const block = Buffer.alloc(blockSize)
  block.write('content', 0)
  block.write('0000644\0', 100)
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write('        0', 148)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
