import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FieldFacts, FileContent, FileFacts, HeldField, HeldFile, HeldPart, UploadFacts } from '../types.ts'
import { detectType } from './detect-type.ts'

/** Files looked at side by side; each has at most some hundred KiB in memory. */
const atOnce = 4
/** After so many files other requests have their turn: content in memory is read without any waiting. */
const fewFiles = 8

/** What was received: the held parts in their order, and whether reading went to the end of the body. */
export type Received = Pick<UploadFacts, 'channel' | 'size' | 'complete'> & { readonly parts: readonly HeldPart[] }

/**
 * All that a policy may know of an upload. Looks into each file that was kept to its end; nothing is refused here.
 * Rejects with the signal's reason when aborted, and where held content cannot be read.
 */
export async function collectFacts(received: Received, signal: AbortSignal): Promise<UploadFacts> {
  const { channel, size, complete, parts } = received
  const files = parts.filter((part) => part.kind === 'file')
  const fields = parts.filter((part) => part.kind === 'field').map(fieldFacts)
  return { channel, size, complete, parts: parts.length, fields, files: await inspectFiles(files, signal) }
}

/** A declared media type; null where it says nothing (RFC 2046 §4.5.1 has octet-stream for arbitrary data). */
function declaredTypeOf(contentType: string | null): string | null {
  return contentType === 'application/octet-stream' ? null : contentType
}

function fieldFacts({ header, size, utf8 }: HeldField): FieldFacts {
  return { part: header.part, name: header.name, size, contentType: header.contentType, utf8 }
}

async function inspectFiles(files: readonly HeldFile[], signal: AbortSignal): Promise<FileFacts[]> {
  const facts: FileFacts[] = []
  const entries = files.entries()
  const work = async (): Promise<void> => {
    for (const [index, file] of entries) {
      if (index % fewFiles === fewFiles - 1) await nextTurn()
      facts[index] = await inspectFile(file, signal)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work))
  return facts
}

async function inspectFile({ header, content, size, sha256 }: HeldFile, signal: AbortSignal): Promise<FileFacts> {
  signal.throwIfAborted()
  const judgeable = sha256 !== null && size > 0
  return {
    part: header.part,
    field: header.name,
    name: header.filename ?? '',
    size,
    sha256,
    declaredType: declaredTypeOf(header.contentType),
    detected: judgeable ? await detectType(abortable(content, signal)) : null,
  }
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
