import type { HeldContent } from '../types.ts'

/** One part as it will be written: parsed and judged values only (verdict → release). */
export interface CanonicalPart {
  readonly name: string
  /** Null for a field. */
  readonly filename: string | null
  /** Media type without parameters; null on fields that carry none. */
  readonly contentType: string | null
  readonly content: Buffer | HeldContent
}

export function contentLength(part: CanonicalPart): number {
  return Buffer.isBuffer(part.content) ? part.content.length : part.content.size
}

const unwritable = /["\\\u0000-\u001f\u007f]/

/** Whether the one quoting rule can write the names without an escape, which backends read in different ways. */
export function isWritable({ name, filename }: CanonicalPart): boolean {
  return name !== '' && !unwritable.test(name) && (filename === null || !unwritable.test(filename))
}

/**
 * The header of a part: Content-Disposition, then Content-Type, and nothing else. Values stand in quotes as they are;
 * `isWritable` has made sure that none of them needs an escape.
 */
export function writePartHeader(part: CanonicalPart): string {
  const filename = part.filename === null ? '' : `; filename="${part.filename}"`
  const type = part.contentType === null ? '' : `Content-Type: ${part.contentType}\r\n`
  return `Content-Disposition: form-data; name="${part.name}"${filename}\r\n${type}\r\n`
}
