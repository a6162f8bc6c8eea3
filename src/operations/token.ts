import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether an Authorization field brings the token (RFC 6750, section 2.1). Digests are compared, so that the time
 * taken tells neither the length nor the first characters. Without a token in the configuration everybody may.
 */
export function bringsToken(authorization: string | undefined, token: string | null): boolean {
  if (token === null) return true
  const [, given] = /^Bearer +([^ ]+) *$/i.exec(authorization ?? '') ?? []
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
