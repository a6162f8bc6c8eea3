import type { IncomingMessage } from 'node:http'
import { type Violation, violation } from '../problems/violation.ts'

/** Bytes, where nothing else is said. */
const usuallyLongest = 8 * 1024

/**
 * The JSON value of a body, or what is wrong with it. Its type is asked for so that no form of another site is taken; how
 * long it may take is the server's limit.
 */
export async function readJson(
  request: IncomingMessage,
  longest = usuallyLongest,
): Promise<{ readonly value: unknown } | Violation> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1)
  if (type.trim().toLowerCase() !== 'application/json') return violation('operations.mediaType')
  const bytes = await readBytes(request, longest)
  if (bytes === null) return violation('operations.body', { failed: `it has more than ${longest} bytes` })
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return violation('operations.body', { failed: 'it is no JSON in UTF-8' })
  }
}

/** Null where it is too long. */
async function readBytes(request: IncomingMessage, longest: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let length = 0
  // An iterator that is left early would destroy the connection, and the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length
    if (length > longest) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
