import busboy from 'busboy'
import { type CanonicalPart, writePartHeader } from './canonical-part.ts'

interface PartReading {
  readonly name: string
  readonly filename: string | null
  readonly contentType: string
}

/**
 * Lets an independent reader (busboy) read the framing that was composed, contents left out, and says whether it saw the
 * same parts, names, file names and types in the same order. A disagreement is a fault of ours, and nothing may be sent.
 */
export async function readsBack(parts: readonly CanonicalPart[], boundary: string): Promise<boolean> {
  const seen = await readFraming(frame(parts, boundary), boundary)
  return seen !== null && seen.length === parts.length && parts.every((part, index) => agrees(part, seen[index]))
}

function frame(parts: readonly CanonicalPart[], boundary: string): Buffer {
  const heads = parts.map((part) => `--${boundary}\r\n${writePartHeader(part)}\r\n`)
  return Buffer.from(`${heads.join('')}--${boundary}--\r\n`, 'utf8')
}

function readFraming(framing: Buffer, boundary: string): Promise<PartReading[] | null> {
  return new Promise((resolve) => {
    const seen: PartReading[] = []
    const reader = busboy({
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      defParamCharset: 'utf8',
      preservePath: true,
    })
    reader.on('file', (name, stream, info) => {
      stream.on('error', () => resolve(null)).resume()
      seen.push({ name, filename: info.filename ?? '', contentType: info.mimeType })
    })
    reader.on('field', (name, _value, info) => {
      seen.push({ name, filename: null, contentType: info.mimeType })
    })
    reader.on('error', () => resolve(null))
    reader.on('close', () => resolve(seen))
    reader.end(framing)
  })
}

function agrees(part: CanonicalPart, seen: PartReading | undefined): boolean {
  if (!seen) return false
  const type = part.contentType ?? 'text/plain'
  return seen.name === part.name && seen.filename === part.filename && seen.contentType === type
}
