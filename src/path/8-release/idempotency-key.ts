import type { InboundRequest } from '../types.ts'

/** Visible ASCII: what every backend reads alike, and can keep as a key. */
const plainKey = /^[\x21-\x7e]{1,255}$/

/**
 * The field that tells a backend which copies are of one upload, name and value: the client's own, where it sent just one
 * that is plain, since it may repeat the upload itself; else the id of the request, as a string of RFC 9651.
 */
export function idempotencyField(
  name: string,
  { rawHeaders, id }: Pick<InboundRequest, 'rawHeaders' | 'id'>,
): readonly [string, string] {
  const sent = rawHeaders.filter((_, index) => index % 2 === 1 && isNamed(rawHeaders[index - 1], name))
  const [own = ''] = sent
  return [name, sent.length === 1 && plainKey.test(own) ? own : `"${id}"`]
}

/** Whether a list of name and value by turns has the field. */
export function hasField(headers: readonly string[], name: string): boolean {
  return headers.some((text, index) => index % 2 === 0 && isNamed(text, name))
}

function isNamed(candidate: string | undefined, name: string): boolean {
  return candidate?.toLowerCase() === name.toLowerCase()
}
