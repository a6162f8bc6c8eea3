import type { ScannedFile } from './scanner.ts'

/** The file in pieces of at most so many bytes. Rejects where it is not as long as it is said to be. */
export async function* filePieces(file: ScannedFile, longest: number): AsyncGenerator<Buffer, void> {
  let read = 0
  for await (const chunk of file.chunks()) {
    read += chunk.length
    if (read > file.size) break
    for (let at = 0; at < chunk.length; at += longest) yield chunk.subarray(at, at + longest)
  }
  if (read !== file.size) throw new Error(`a held file of ${file.size} bytes was read as another length`)
}
