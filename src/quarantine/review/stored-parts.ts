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
  const { entry, content } = opened
  const read = readerOf(content)
  const parts: HeldPart[] = []
  let start = 0
  for (const part of entry.parts) {
    const end = start + part.size
    const held =
      part.kind === 'field' ? fieldOf(part, await read(start, end)) : fileOf(part, content.slice(start, end), signal)
    parts.push(await held)
    start = end
  }
  return parts
}

/** Bytes that are decrypted at once, whatever is read of them. */
const stride = 64 * 1024

/** Reads small pieces that stand side by side: thousands of fields are not thousands of segments. */
function readerOf(content: HeldContent): (start: number, end: number) => Promise<Buffer> {
  let from = 0
  let window: Buffer = Buffer.alloc(0)
  return async (start, end) => {
    if (start < from || end > from + window.length) {
      window = await content.read(start, Math.max(end, start + stride))
      from = start
    }
    // A copy: a field between two files must not keep the whole window.
    return Buffer.from(window.subarray(start - from, end - from))
  }
}

function fieldOf(part: EntryPart, value: Buffer): HeldPart {
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
