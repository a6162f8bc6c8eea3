import { type Violation, violation } from '../../problems/violation.ts'
import type { FileFacts, HeldFile, HeldPart, UploadFacts, Verdict } from '../types.ts'
import { freshBoundary, multipartBody, type ReleaseBody, rawBody } from './canonical-body.ts'
import { type CanonicalPart, isWritable } from './canonical-part.ts'
import { readsBack } from './read-back.ts'

export interface Composed {
  readonly body: ReleaseBody
  readonly files: readonly HeldFile[]
}

const undeclared = 'application/octet-stream'

/** What goes upstream: the clean parts, written anew and read back. A violation where it cannot be written one way only. */
export async function composeRelease(
  channel: 'multipart' | 'raw',
  parts: readonly HeldPart[],
  facts: UploadFacts,
  verdict: Verdict,
): Promise<Composed | Violation> {
  const names = new Map(verdict.files.filter((file) => file.verdict !== 'refused').map((f) => [f.part, f.releaseName]))
  const types = new Map(facts.files.map((file: FileFacts) => [file.part, file.declaredType]))
  const released = parts.filter((part) => part.kind === 'field' || names.has(part.header.part))
  const files = released.filter((part) => part.kind === 'file')
  if (channel === 'raw') return composeRaw(files, types)
  const canonical = released.map((part) => toCanonical(part, names, types))
  const unwritable = canonical.findIndex((part) => !isWritable(part))
  if (unwritable >= 0) return violation('field.name', { part: released[unwritable]?.header.part ?? 0 })
  const boundary = freshBoundary()
  if (!(await readsBack(canonical, boundary))) return violation('release.disagreement')
  return { body: multipartBody(canonical, boundary), files }
}

function composeRaw(files: readonly HeldFile[], types: ReadonlyMap<number, string | null>): Composed {
  const [file] = files
  if (!file) throw new Error('a raw upload without its file was to be released')
  return { body: rawBody(file.content, types.get(file.header.part) ?? undeclared), files }
}

function toCanonical(
  part: HeldPart,
  names: ReadonlyMap<number, string>,
  types: ReadonlyMap<number, string | null>,
): CanonicalPart {
  const { name, contentType, part: ordinal } = part.header
  if (part.kind === 'field') return { name, filename: null, contentType, content: part.value }
  const filename = names.get(ordinal) ?? ''
  return { name, filename, contentType: types.get(ordinal) ?? undeclared, content: part.content }
}
