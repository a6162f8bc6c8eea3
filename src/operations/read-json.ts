import type { IncomingMessage } from 'node:http'
import type { ProblemId } from '../problems/catalogue.ts'

/** Bytes. */
const longest = 8 * 1024
/**
 * The JSON value of a body, or the problem with it. Its type is asked for so that no form of another site is taken; how
 * long it may take is the server's limit.
 */
export async function readJson(request: IncomingMessage): Promise<{ readonly value: unknown } | ProblemId> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1)
  if (type.trim().toLowerCase() !== 'application/json') return 'operations.mediaType'
  try {
    const text = await readText(request)
    return text === null ? 'operations.body' : { value: JSON.parse(text) }
  } catch {
    return 'operations.body'
  }
}

/** Null where it is too long, or no UTF-8. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  // An iterator that is left early would destroy the connection, and the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length
    if (length > longest) return null
    chunks.push(chunk as Buffer)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}
