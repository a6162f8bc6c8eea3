import type { FileContent, FileFacts } from '../types.ts'
import { detectType } from './detect-type.ts'

/** A file as the hold has it: everything known but what its content is. */
export interface HeldFile extends Omit<FileFacts, 'detected'> {
  /** Null where the content was not kept to its end. */
  readonly content: FileContent | null
}

/** Files looked at side by side; each has at most some hundred KiB in memory. */
const atOnce = 4

/** A declared media type that says nothing: RFC 2046 §4.5.1 has it for "arbitrary binary data". */
export function declaredTypeOf(contentType: string | null): string | null {
  return contentType === null || contentType === 'application/octet-stream' ? null : contentType
}

/** The facts of held files, in their order. Rejects with the signal's reason when aborted, and where reading fails. */
export async function inspectFiles(files: readonly HeldFile[], signal: AbortSignal): Promise<FileFacts[]> {
  const facts: FileFacts[] = []
  const entries = files.entries()
  const work = async (): Promise<void> => {
    for (const [index, file] of entries) facts[index] = await inspectFile(file, signal)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work))
  return facts
}

async function inspectFile({ content, ...known }: HeldFile, signal: AbortSignal): Promise<FileFacts> {
  signal.throwIfAborted()
  const detected = content === null || content.size === 0 ? null : await detectType(abortable(content, signal))
  return { ...known, detected }
}

function abortable(content: FileContent, signal: AbortSignal): FileContent {
  return {
    size: content.size,
    read: (start, end) => {
      signal.throwIfAborted()
      return content.read(start, end)
    },
  }
}
