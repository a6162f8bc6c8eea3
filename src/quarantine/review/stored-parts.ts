import { createHash } from 'node:crypto'
import type { HeldContent, HeldPart } from '../../path/types.ts'
import type { EntryPart } from '../entry.ts'
import type { OpenedEntry } from '../store.ts'

/** Where the content of each part stands among the contents. */
export function contentOf({ entry, content }: OpenedEntry, wanted: EntryPart): HeldContent {
  let start = 0
  for (const part of entry.parts) {
    if (part === wanted) break
    start += part.size
  }
  return content.slice(start, start + wanted.size)
}

/**
 * The parts as they were held when the request was refused. Reads all of them, so that nothing is sent of an entry that
 * cannot be sent whole. Rejects where the store does, or where a file is not the one that was kept.
 */
export async function storedParts(opened: OpenedEntry, signal: AbortSignal): Promise<HeldPart[]> {
  const parts: HeldPart[] = []
  for (const part of opened.entry.parts) {
    const content = contentOf(opened, part)
    parts.push(part.kind === 'field' ? await fieldOf(part, content) : await fileOf(part, content, signal))
  }
  return parts
}

async function fieldOf(part: EntryPart, content: HeldContent): Promise<HeldPart> {
  const value = await content.read(0, part.size)
  if (value.length !== part.size) throw new Error(`part ${part.part} is incomplete`)
  return { kind: 'field', header: headerOf(part), value, size: part.size, utf8: true }
}

async function fileOf(part: EntryPart, content: HeldContent, signal: AbortSignal): Promise<HeldPart> {
  const hash = createHash('sha256')
  for await (const chunk of content.chunks()) {
    signal.throwIfAborted()
    hash.update(chunk)
  }
  if (hash.digest('hex') !== part.sha256) throw new Error(`part ${part.part} is not the file that was kept`)
  return { kind: 'file', header: headerOf(part), content, size: part.size, sha256: part.sha256 }
}

function headerOf({ part, name, filename, contentType }: EntryPart): HeldPart['header'] {
  return { part, offset: 0, name, filename, contentType, asciiOnly: false, declaredLength: null }
}
