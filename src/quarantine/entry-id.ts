/** UUIDv7 (RFC 9562 section 5.7), lower case: the only names that reach a disk or a bucket. */
const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export function isEntryId(text: string): boolean {
  return pattern.test(text)
}

/** When it was made, milliseconds since 1970. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}
