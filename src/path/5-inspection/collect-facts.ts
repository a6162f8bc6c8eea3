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
 * Nothing reads the files any more when it settles: what they are held in may go.
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
  const enough = new AbortController()
  const either = AbortSignal.any([signal, enough.signal])
  let refused: Violation | null = null
  const entries = files.entries()
  const work = async (): Promise<void> => {
    for (const [index, file] of entries) {
      const found = await fileFacts(file, examiners, examination, either)
      if ('failed' in found) {
        refused ??= found
        enough.abort(found)
        return
      }
      facts[index] = found
    }
  }
  const workers = Array.from({ length: Math.min(atOnce, files.length) }, work)
  await Promise.allSettled(workers.map((worker) => worker.catch((error: unknown) => enough.abort(error))))
  signal.throwIfAborted()
  if (refused !== null) return refused
  enough.signal.throwIfAborted()
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

/** Inspection and all scanners at a time; what fails first ends the others, and all have ended when this settles. */
async function examine(
  { header, content }: HeldFile,
  sha256: string,
  { inspection, scanners }: Examiners,
  { unpacking, scanners: names }: Examination,
  signal: AbortSignal,
): Promise<{ readonly inspected: Inspected; readonly scans: readonly Scan[] } | Violation> {
  const name = header.filename ?? ''
  if (names.length === 0) {
    const inspected = await inspection.inspect(content, name, unpacking, signal)
    return 'failed' in inspected ? inspected : { inspected, scans: [] }
  }
  const enough = new AbortController()
  const either = AbortSignal.any([signal, enough.signal])
  const file = { size: content.size, sha256, name, chunks: () => content.chunks() }
  let inspected: Inspected | Violation | null = null
  let scans: readonly Scan[] | null = null
  const inspecting = async (): Promise<void> => {
    inspected = await inspection.inspect(content, name, unpacking, either)
    if ('failed' in inspected) enough.abort(inspected)
  }
  const scanning = async (): Promise<void> => {
    scans = await scanners.scan(names, file, either)
  }
  const both = [inspecting(), scanning()]
  await Promise.all(both.map((one) => one.catch((error: unknown) => enough.abort(error))))
  return finished(inspected, scans, either)
}

function finished(
  inspected: Inspected | Violation | null,
  scans: readonly Scan[] | null,
  signal: AbortSignal,
): { readonly inspected: Inspected; readonly scans: readonly Scan[] } | Violation {
  if (inspected !== null && 'failed' in inspected) return inspected
  signal.throwIfAborted()
  if (inspected === null || scans === null) throw new Error('a file was looked into without a result')
  return { inspected, scans }
}
