import { type Details, type Violation, violation } from '../../problems/violation.ts'
import { type Parameter, parseParameters } from './parameters.ts'

export interface Disposition {
  readonly name: string
  /** Null where there is no filename parameter. */
  readonly filename: string | null
}

/** RFC 2183 2: parameters that some Java libraries add. They say nothing that could be misread, and are dropped. */
const harmless = new Set(['size', 'creation-date', 'modification-date', 'read-date'])

/** The value of a part's Content-Disposition (RFC 7578 4.2). */
export function parseDisposition(text: string, where: Details): Disposition | Violation {
  const end = text.indexOf(';')
  const type = (end < 0 ? text : text.slice(0, end)).trimEnd().toLowerCase()
  if (type !== 'form-data') return violation('multipart.disposition.type', where)
  const parameters = end < 0 ? [] : parseParameters(text, end)
  if ('defect' in parameters) {
    const id = parameters.defect === 'quoting' ? 'multipart.quoting.ambiguous' : 'multipart.disposition.malformed'
    return violation(id, where)
  }
  return readParameters(parameters, where)
}

function readParameters(parameters: readonly Parameter[], where: Details): Disposition | Violation {
  let name: string | undefined
  let filename: string | undefined
  let extended: string | undefined
  const dropped = new Set<string>()
  for (const parameter of parameters) {
    if (parameter.name === 'name') {
      if (name !== undefined) return violation('multipart.name.duplicate', where)
      name = parameter.value
    } else if (parameter.name === 'filename') {
      if (filename !== undefined) return violation('multipart.filename.duplicate', where)
      filename = parameter.value
    } else if (parameter.name === 'filename*') {
      if (extended !== undefined) return violation('multipart.filename.duplicate', where)
      extended = parameter.value
    } else if (!harmless.has(parameter.name) || dropped.has(parameter.name)) {
      return violation('multipart.disposition.parameter', where)
    } else {
      dropped.add(parameter.name)
    }
  }
  if (!name) return violation('multipart.name.missing', where)
  if (extended === undefined) return { name, filename: filename ?? null }
  const agreed = filename === undefined ? null : agreedFilename(filename, extended)
  return agreed === null
    ? violation('multipart.filename.conflict', { ...where, field: name })
    : { name, filename: agreed }
}

/**
 * The one file name that `filename` and `filename*` both mean, or null.
 * RFC 7578 4.2 forbids filename*, yet React Native and .NET send it; .NET puts an encoded word into filename beside it.
 */
function agreedFilename(filename: string, extended: string): string | null {
  const decoded = decodeExtendedValue(extended)
  if (decoded === null) return null
  return decoded === filename || decoded === decodeEncodedWord(filename) ? decoded : null
}

/** RFC 8187 3.2: UTF-8''percent-encoded. Other character sets are not read. */
function decodeExtendedValue(value: string): string | null {
  const match = /^utf-8'[A-Za-z0-9-]*'([!#$&+\-.^_`|~0-9A-Za-z%]*)$/i.exec(value)
  if (!match) return null
  try {
    return decodeURIComponent(match[1] as string)
  } catch {
    return null
  }
}

/** RFC 2047 2, the one form that .NET writes: a single base64 word in UTF-8. */
function decodeEncodedWord(value: string): string | null {
  const match = /^=\?utf-8\?b\?([A-Za-z0-9+/]+={0,2})\?=$/i.exec(value)
  return match ? Buffer.from(match[1] as string, 'base64').toString('utf8') : null
}
