import { type Details, type Violation, violation } from '../../problems/violation.ts'
import { parseMediaType, singleParameter } from './parameters.ts'

const utf8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

/**
 * What CRS rule 922100 lets through. In a file the charset is dropped, since the bytes travel as they are. A field in one
 * of the others must be ASCII, which is the same in all of them: Apache HttpClient 4 declares ISO-8859-1 by default.
 */
const accepted = new Set([...utf8, 'iso-8859-1', 'iso-8859-15', 'windows-1252'])

export interface PartType {
  /** The media type that travels on with the part: lower case, no parameters; null for none. */
  readonly contentType: string | null
  /** The declared charset agrees with UTF-8 in ASCII only. */
  readonly asciiOnly: boolean
}

const untyped: PartType = { contentType: null, asciiOnly: false }

/** Types without a file name that backends need on a field: JSON and XML request parts. */
const isStructured = /^(?:application\/(?:json|xml)|[a-z0-9.+-]+\/[a-z0-9.+-]+\+(?:json|xml))$/

/**
 * What the Content-Type of a part says, or why it cannot be believed.
 * A part without a file name but of a binary type is a file to busboy and a field to PHP, Go and Python: refused.
 */
export function parsePartType(text: string | undefined, isFile: boolean, where: Details): PartType | Violation {
  if (text === undefined) return untyped
  const media = parseMediaType(text)
  if ('defect' in media) return violation('multipart.part-type.invalid', where)
  if (media.type.startsWith('multipart/') || media.type.startsWith('message/')) {
    return violation('multipart.nested', where)
  }
  const charset = singleParameter(media.parameters, 'charset')
  if (charset === null) return violation('multipart.part-type.invalid', where)
  if (charset !== undefined && !accepted.has(charset.toLowerCase())) return violation('multipart.charset', where)
  const asciiOnly = !isFile && charset !== undefined && !utf8.has(charset.toLowerCase())
  if (isFile || isStructured.test(media.type)) return { contentType: media.type, asciiOnly }
  return media.type.startsWith('text/') ? { contentType: null, asciiOnly } : violation('multipart.field.type', where)
}
