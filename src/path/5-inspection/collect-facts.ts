import { type Task, together } from '../../at-once.ts'
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
  let refused: Violation | null = null
  const entries = files.entries()
  const work: Task = async (either, enough) => {
    for (const [index, file] of entries) {
      const found = await fileFacts(file, examiners, examination, either)
      if ('failed' in found) {
        refused ??= found
        return enough()
      }
      facts[index] = found
    }
  }
  await together(Array<Task>(Math.min(atOnce, files.length)).fill(work), signal)
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

/** Inspection and all scanners at a time; what fails first ends the others, and all have ended when this settles. */
async function examine(
  { header, content }: HeldFile,
  sha256: string,
  { inspection, scanners }: Examiners,
  { unpacking, scanners: names }: Examination,
  signal: AbortSignal,
): Promise<{ readonly inspected: Inspected; readonly scans: readonly Scan[] } | Violation> {
  const name = header.filename ?? ''
  const file = { size: content.size, sha256, name, chunks: () => content.chunks() }
  let inspected: Inspected | Violation | null = null
  let scans: readonly Scan[] = []
  const inspecting: Task = async (either, enough) => {
    inspected = await inspection.inspect(content, name, unpacking, either)
    if ('failed' in inspected) enough()
  }
  const scanning: Task = async (either) => {
    scans = await scanners.scan(names, file, either)
  }
  await together(names.length === 0 ? [inspecting] : [inspecting, scanning], signal)
  return finished(inspected, scans)
}

function finished(inspected: Inspected | Violation | null, scans: readonly Scan[]) {
  if (inspected === null) throw new Error('a file was looked into without a result')
  return 'failed' in inspected ? inspected : { inspected, scans }
}
