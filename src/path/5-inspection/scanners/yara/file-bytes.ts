import type { Asking, ScannedFile } from '../scanner.ts'

/** Memory for one file, which threads read where it is: it grows to the largest file, and is used for the next one. */
export type FileMemory = SharedArrayBuffer

export function createMemory(largest: number): FileMemory {
  return new SharedArrayBuffer(0, { maxByteLength: largest })
}

/**
 * Reads the file into the memory; a view of it. Rejects with the error of reading. Writes nothing once the signal is
 * aborted: the memory may serve another file by then.
 */
export async function readInto(memory: FileMemory, file: ScannedFile, asking: Asking): Promise<Uint8Array> {
  if (memory.byteLength < file.size) memory.grow(file.size)
  const bytes = new Uint8Array(memory, 0, file.size)
  let read = 0
  for await (const chunk of file.chunks()) {
    asking.signal.throwIfAborted()
    if (read + chunk.length > file.size) break
    bytes.set(chunk, read)
    read += chunk.length
    asking.taken(chunk.length)
  }
  if (read !== file.size) throw new Error(`a held file of ${file.size} bytes was read as another length`)
  return bytes
}
