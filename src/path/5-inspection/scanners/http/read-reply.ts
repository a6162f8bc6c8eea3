import type { Dispatcher } from 'undici'
import type { Reply } from './answer.ts'

/** Bytes. */
const longestReply = 64 * 1024

/** Reads as much of the answer as there may be. Rejects where the connection breaks before its end. */
export async function readReply({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Reply> {
  // Ended before its end, it has an error to tell that nobody waits for.
  body.on('error', () => {})
  const chunks: Buffer[] = []
  let read = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    read += chunk.length
    if (read > longestReply) break
  }
  const readable = isJson(headers) && read <= longestReply
  return {
    status: statusCode,
    json: readable ? Buffer.concat(chunks).toString('utf8') : null,
    endless: read > longestReply,
  }
}

function isJson({ 'content-type': type, 'content-encoding': encoding }: Dispatcher.ResponseData['headers']): boolean {
  return encoding === undefined && typeof type === 'string' && /^application\/json\s*(?:;|$)/i.test(type)
}
