import { isAscii, isUtf8 } from 'node:buffer'
import { type Details, type Violation, violation } from '../../problems/violation.ts'
import type { PartHeader } from '../types.ts'
import { parseDisposition } from './disposition.ts'
import { parsePartType } from './part-type.ts'

const maximumLines = 16

/** Fields that decide how a part is read; each may occur once. All others are dropped: nothing raw travels on. */
interface HeaderFields {
  disposition?: string
  type?: string
  transferEncoding?: string
  contentEncoding?: string
  length?: string
}

const known = new Map<string, keyof HeaderFields>([
  ['content-disposition', 'disposition'],
  ['content-type', 'type'],
  ['content-transfer-encoding', 'transferEncoding'],
  ['content-encoding', 'contentEncoding'],
  ['content-length', 'length'],
])

const isFieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const hasControl = /[\u0000-\u001f\u007f]/

/**
 * Reads the header block of a part (RFC 7578 4.2 to 4.8) without its final empty line.
 * `part` is its ordinal, `offset` the place of the block in the body.
 */
export function parsePartHeader(block: Buffer, part: number, offset: number): PartHeader | Violation {
  const where: Details = { part, offset }
  if (!isAscii(block) && !isUtf8(block)) return violation('multipart.header.encoding', where)
  const fields = readLines(block.toString('utf8'), where)
  if ('failed' in fields) return fields
  if (fields.disposition === undefined) return violation('multipart.disposition.missing', where)
  const disposition = parseDisposition(fields.disposition, where)
  if ('failed' in disposition) return disposition
  const named: Details = {
    ...where,
    field: disposition.name,
    ...(disposition.filename && { file: disposition.filename }),
  }
  const encoding = refuseEncodings(fields, named)
  if (encoding) return encoding
  const type = parsePartType(fields.type, disposition.filename !== null, named)
  if ('failed' in type) return type
  const length = fields.length === undefined ? null : readLength(fields.length)
  if (length === undefined) return violation('multipart.header.malformed', named)
  return { part, offset, ...disposition, ...type, declaredLength: length }
}

function readLines(text: string, where: Details): HeaderFields | Violation {
  const fields: HeaderFields = {}
  if (text === '') return fields
  const lines = text.split('\r\n')
  if (lines.length > maximumLines) return violation('multipart.header.too-large', where)
  for (const line of lines) {
    const defect = readLine(line, fields)
    if (defect) return violation(defect, where)
  }
  return fields
}

type LineDefect =
  | 'multipart.header.folded'
  | 'multipart.header.control'
  | 'multipart.header.malformed'
  | 'multipart.header.duplicate'

function readLine(line: string, fields: HeaderFields): LineDefect | null {
  if (line.startsWith(' ') || line.startsWith('\t')) return 'multipart.header.folded'
  if (hasControl.test(line)) return 'multipart.header.control'
  const colon = line.indexOf(':')
  const name = line.slice(0, colon)
  if (colon < 0 || !isFieldName.test(name)) return 'multipart.header.malformed'
  const key = known.get(name.toLowerCase())
  if (key === undefined) return null
  if (fields[key] !== undefined) return 'multipart.header.duplicate'
  fields[key] = trimSpaces(line.slice(colon + 1))
  return null
}

/** Only the space: trim() would also take characters that some readers keep. */
function trimSpaces(text: string): string {
  let start = 0
  let end = text.length
  while (text.charCodeAt(start) === 0x20) start++
  while (end > start && text.charCodeAt(end - 1) === 0x20) end--
  return text.slice(start, end)
}

/** RFC 7578 4.7 deprecates Content-Transfer-Encoding; base64 is decoded by four of eighteen backends and not by the rest. */
function refuseEncodings(fields: HeaderFields, where: Details): Violation | null {
  const transfer = fields.transferEncoding?.toLowerCase()
  if (transfer !== undefined && transfer !== 'binary' && transfer !== '8bit' && transfer !== '7bit') {
    return violation('multipart.transfer-encoding', where)
  }
  if (fields.contentEncoding !== undefined && fields.contentEncoding.toLowerCase() !== 'identity') {
    return violation('multipart.content-encoding', where)
  }
  return null
}

function readLength(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
