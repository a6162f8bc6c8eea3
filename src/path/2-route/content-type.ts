/** type/subtype of a Content-Type value; what follows the first semicolon is for whoever reads the body. */
const essence = /^[\t ]*([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)[\t ]*(?:;|$)/i

/** Lower-case media type without parameters; null where the value is none (RFC 9110 section 8.3.1), a list included. */
export function mediaTypeOf(contentType: string): string | null {
  return essence.exec(contentType)?.[1]?.toLowerCase() ?? null
}

/** Lenient parsers look for the word anywhere in the value, so its mere mention makes a body an upload to them. */
export function mentionsMultipart(contentType: string): boolean {
  return /multipart/i.test(contentType)
}

/** The field's value; empty where there is none. Framing has seen to it that there is not more than one. */
export function contentTypeOf(headers: NodeJS.ReadOnlyDict<string | string[]>): string {
  const value = headers['content-type']
  return typeof value === 'string' ? value : ''
}
