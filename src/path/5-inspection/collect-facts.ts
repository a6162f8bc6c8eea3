import type { Violation } from '../../problems/violation.ts'
import type { FieldFacts, FileFacts, HeldField, HeldFile, HeldPart, UploadFacts } from '../types.ts'
import type { Inspection, UnpackingLimits } from './isolation/inspection.ts'

/** Files of one upload that wait for inspection side by side: one upload must not fill the queue. */
const atOnce = 4

/** What was received: the held parts in their order, and whether reading went to the end of the body. */
export type Received = Pick<UploadFacts, 'channel' | 'size' | 'complete'> & { readonly parts: readonly HeldPart[] }

/**
 * All that a policy may know of an upload. Looks into each file that was kept to its end; nothing is refused here.
 * A violation where there was no thread to look. Rejects with the signal's reason when aborted, and where held content cannot be read.
 */
export async function collectFacts(
  received: Received,
  inspection: Inspection,
  limits: UnpackingLimits,
  signal: AbortSignal,
): Promise<UploadFacts | Violation> {
  const { channel, size, complete, parts } = received
  const files = parts.filter((part) => part.kind === 'file')
  const fields = parts.filter((part) => part.kind === 'field').map(fieldFacts)
  const facts: FileFacts[] = []
  let refused: Violation | null = null
  const entries = files.entries()
  const work = async (): Promise<void> => {
    for (const [index, file] of entries) {
      const found = await inspectFile(file, inspection, limits, signal)
      if ('failed' in found) refused = found
      else facts[index] = found
      if (refused !== null) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work))
  if (refused !== null) return refused
  return { channel, size, complete, parts: parts.length, fields, files: facts }
}

/** A declared media type; null where it says nothing (RFC 2046 §4.5.1 has octet-stream for arbitrary data). */
function declaredTypeOf(contentType: string | null): string | null {
  return contentType === 'application/octet-stream' ? null : contentType
}

function fieldFacts({ header, size, utf8 }: HeldField): FieldFacts {
  return { part: header.part, name: header.name, size, contentType: header.contentType, utf8 }
}

async function inspectFile(
  { header, content, size, sha256 }: HeldFile,
  inspection: Inspection,
  limits: UnpackingLimits,
  signal: AbortSignal,
): Promise<FileFacts | Violation> {
  signal.throwIfAborted()
  const judgeable = sha256 !== null && size > 0
  const name = header.filename ?? ''
  const inspected = judgeable ? await inspection.inspect(content, name, limits, signal) : null
  if (inspected !== null && 'failed' in inspected) return inspected
  return {
    part: header.part,
    field: header.name,
    name,
    size,
    sha256,
    declaredType: declaredTypeOf(header.contentType),
    inspected,
  }
}
