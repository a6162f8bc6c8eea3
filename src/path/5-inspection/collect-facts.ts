import type { Violation } from '../../problems/violation.ts'
import type { FieldFacts, FileFacts, HeldField, HeldFile, HeldPart, Inspected, Scan, UploadFacts } from '../types.ts'
import type { Inspection, UnpackingLimits } from './isolation/inspection.ts'
import type { Scanners } from './scanners/scanners.ts'

/** Files of one upload that wait for inspection side by side: one upload must not fill the queue. */
const atOnce = 4

/** What was received: the held parts in their order, and whether reading went to the end of the body. */
export type Received = Pick<UploadFacts, 'channel' | 'size' | 'complete'> & { readonly parts: readonly HeldPart[] }

/** Who looks into files. */
export interface Examiners {
  readonly inspection: Inspection
  readonly scanners: Pick<Scanners, 'scan'>
}

/** How far inspection may unpack, and the names of the scanners to ask. */
export interface Examination {
  readonly unpacking: UnpackingLimits
  readonly scanners: readonly string[]
}

/**
 * All that a policy may know of an upload. Looks into each file that was kept to its end; nothing is refused here.
 * A violation where there was no thread to look. Rejects with the signal's reason when aborted, and where held content cannot be read.
 */
export async function collectFacts(
  received: Received,
  examiners: Examiners,
  examination: Examination,
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
      const found = await fileFacts(file, examiners, examination, signal)
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

async function fileFacts(
  file: HeldFile,
  examiners: Examiners,
  examination: Examination,
  signal: AbortSignal,
): Promise<FileFacts | Violation> {
  signal.throwIfAborted()
  const { header, size, sha256 } = file
  const name = header.filename ?? ''
  const examined =
    sha256 === null || size === 0
      ? { inspected: null, scans: [] }
      : await examine(file, sha256, examiners, examination, signal)
  if ('failed' in examined) return examined
  const declaredType = declaredTypeOf(header.contentType)
  return { part: header.part, field: header.name, name, size, sha256, declaredType, ...examined }
}

/** Inspection and all scanners at a time. What still reads the file is over when this settles, since the file may then go. */
async function examine(
  { header, content }: HeldFile,
  sha256: string,
  { inspection, scanners }: Examiners,
  { unpacking, scanners: names }: Examination,
  signal: AbortSignal,
): Promise<{ readonly inspected: Inspected; readonly scans: readonly Scan[] } | Violation> {
  const name = header.filename ?? ''
  const enough = new AbortController()
  const scanned = { size: content.size, sha256, name, chunks: () => content.chunks() }
  const scanning = scanners.scan(names, scanned, AbortSignal.any([signal, enough.signal]))
  try {
    const [inspected, scans] = await Promise.all([
      inspection.inspect(content, name, unpacking, signal).then((found) => {
        if ('failed' in found) enough.abort()
        return found
      }),
      scanning.catch((error: unknown) => {
        if (signal.aborted || !enough.signal.aborted) throw error
        return []
      }),
    ])
    return 'failed' in inspected ? inspected : { inspected, scans }
  } finally {
    enough.abort()
    await scanning.catch(() => null)
  }
}
