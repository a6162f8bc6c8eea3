import { createHash } from 'node:crypto'
import type { ScannedFile } from '../../src/path/5-inspection/scanners/scanner.ts'

/** A held file in memory, read in chunks of these sizes, over and over. */
export function scannedFile(bytes: Buffer, sizes: readonly number[] = [65_536], name = 'file.bin'): ScannedFile {
  return {
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    name,
    async *chunks() {
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? bytes.length
        yield bytes.subarray(at, at + size)
        at += size
      }
    },
  }
}

/** The same, after whose first chunk nothing comes until `then` resolves, which may reject. */
export function haltingFile(file: ScannedFile, then: Promise<void>): ScannedFile {
  return {
    ...file,
    async *chunks() {
      let first = true
      for await (const chunk of file.chunks()) {
        if (!first) await then
        first = false
        yield chunk
      }
    },
  }
}
