import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'

/** Hashed in one go, which takes about a millisecond; then others have their turn. */
const turn = 1024 * 1024

/**
 * The value of Content-Digest (RFC 9530) for these bytes. Rejects with the reason of the signal, and with the errors of
 * reading.
 */
export async function contentDigest(body: Buffer | AsyncIterable<Buffer>, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  let hashed = 0
  for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
    signal.throwIfAborted()
    hash.update(chunk)
    hashed += chunk.length
    if (hashed < turn) continue
    hashed = 0
    await setImmediate()
  }
  return `sha-256=:${hash.digest('base64')}:`
}
