import type { FieldFacts, HeldField, HeldFile, HeldPart, UploadFacts } from '../types.ts'
import { declaredTypeOf, type HeldFile as InspectedFile, inspectFiles } from './inspect.ts'

export interface Received {
  readonly channel: UploadFacts['channel']
  /** Bytes of the body: as announced, or as received where more. */
  readonly size: number
  readonly parts: readonly HeldPart[]
  readonly complete: boolean
}

/** All that a policy may know of what was received. Rejects with the signal's reason when aborted. */
export async function collectFacts(received: Received, signal: AbortSignal): Promise<UploadFacts> {
  const { channel, size, parts, complete } = received
  const files = parts.filter((part) => part.kind === 'file').map(toInspect)
  return {
    channel,
    size,
    parts: parts.length,
    fields: parts.filter((part) => part.kind === 'field').map(fieldFacts),
    files: files.length === 0 ? [] : await inspectFiles(files, signal),
    complete,
  }
}

function fieldFacts({ header, size, utf8 }: HeldField): FieldFacts {
  const { part, name, contentType } = header
  return { part, name, size, contentType, utf8 }
}

function toInspect({ header, content, size, sha256 }: HeldFile): InspectedFile {
  return {
    part: header.part,
    field: header.name,
    name: header.filename ?? '',
    size,
    sha256,
    declaredType: declaredTypeOf(header.contentType),
    content: sha256 === null ? null : content,
  }
}
