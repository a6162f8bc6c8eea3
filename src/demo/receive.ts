import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Readable, Writable } from 'node:stream'
import busboy from 'busboy'
import type { ReceivedField, ReceivedFile } from './uploads.ts'

const MAX_VALUE = 1000

/** Reads a form as old applications do: with busboy and its lenience. Rejects where busboy gives up. */
export async function receiveForm(
  request: IncomingMessage,
): Promise<{ files: readonly ReceivedFile[]; fields: readonly ReceivedField[] }> {
  const files: ReceivedFile[] = []
  const fields: ReceivedField[] = []
  const reader = busboy({
    headers: request.headers,
    defParamCharset: 'utf8',
    limits: { files: 100, fields: 2000, fieldSize: 64 * 1024 },
  })
  reader.on('field', (name, value) => fields.push({ name, value: value.slice(0, MAX_VALUE) }))
  reader.on('file', (field, content, { filename, mimeType }) => {
    digest(content, ({ size, sha256 }) => {
      // A browser sends an input in which nothing was chosen as a file without name and content.
      if (filename || size > 0) files.push({ field, name: filename ?? '', size, sha256, type: mimeType })
    })
  })
  await readAll(request, reader)
  return { files, fields }
}

/** Not a pipeline: that would destroy the request where the reader fails, and with it the answer. */
function readAll(request: IncomingMessage, reader: Writable): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  reader.on('close', resolve)
  reader.on('error', reject)
  request.on('error', (error) => {
    reject(error)
    reader.destroy()
  })
  request.pipe(reader)
  return promise
}

function digest(content: Readable, done: (result: { size: number; sha256: string }) => void): void {
  const hash = createHash('sha256')
  let size = 0
  content.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    size += chunk.length
  })
  content.on('end', () => done({ size, sha256: hash.digest('hex') }))
  // The reader fails as well, and that is what the caller hears of.
  content.on('error', () => undefined)
}
