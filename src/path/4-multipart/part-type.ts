import { type Details, type Violation, violation } from '../../problems/violation.ts'
import { parseMediaType, singleParameter } from './parameters.ts'

const utf8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

/** What CRS rule 922100 lets through for text; in a file the charset is dropped, since the bytes travel as they are. */
const fileCharsets = new Set([...utf8, 'iso-8859-1', 'iso-8859-15', 'windows-1252'])

/** Types without a file name that backends need on a field: JSON and XML request parts. */
const isStructured = /^(?:application\/(?:json|xml)|[a-z0-9.+-]+\/[a-z0-9.+-]+\+(?:json|xml))$/

/**
 * The media type that travels on with a part: lower case, no parameters; null for none.
 * A part without a file name but of a binary type is a file to busboy and a field to PHP, Go and Python: refused.
 */
export function parsePartType(text: string | undefined, isFile: boolean, where: Details): string | null | Violation {
  if (text === undefined) return null
  const media = parseMediaType(text)
  if ('defect' in media) return violation('multipart.part-type.invalid', where)
  if (media.type.startsWith('multipart/') || media.type.startsWith('message/')) {
    return violation('multipart.nested', where)
  }
  const charset = singleParameter(media.parameters, 'charset')
  if (charset === null) return violation('multipart.part-type.invalid', where)
  if (charset !== undefined && !(isFile ? fileCharsets : utf8).has(charset.toLowerCase())) {
    return violation('multipart.charset', where)
  }
  if (isFile || isStructured.test(media.type)) return media.type
  return media.type.startsWith('text/') ? null : violation('multipart.field.type', where)
}
