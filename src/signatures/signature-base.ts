import type { SignedMessage } from './signing-key.ts'

/**
 * What is signed (RFC 9421, section 2.5): a line for each covered component, then the parameters, as they stand in
 * Signature-Input. The parts of the target are taken as they are sent and never through a URL parser, which would sign
 * another path than the one that travels. Throws where a covered field is missing.
 */
export function signatureBase(message: SignedMessage, covered: readonly string[], parameters: string): Buffer {
  const lines = covered.map((name) => `${quoted(name)}: ${componentValue(message, name)}`)
  lines.push(`"@signature-params": ${parameters}`)
  // Bytes above 0x7F can stand in a target only; they are signed as they go on the wire.
  return Buffer.from(lines.join('\n'), 'latin1')
}

function componentValue(message: SignedMessage, name: string): string {
  if (!name.startsWith('@')) return presentField(message, name)
  const { method, origin, target } = message
  const mark = target.indexOf('?')
  if (name === '@method') return method
  if (name === '@authority') return authority(origin)
  if (name === '@path') return mark === -1 ? target : target.slice(0, mark)
  // Section 2.2.7: a target without a query has the value "?".
  if (name === '@query') return mark === -1 ? '?' : target.slice(mark)
  throw new Error(`no component is named ${name}`)
}

/** Section 2.2.3: lower case, without the default port of the scheme. */
function authority(origin: string): string {
  const lower = origin.toLowerCase()
  const [scheme = '', host = ''] = lower.split('://')
  return host.replace(scheme === 'https' ? /:443$/ : /:80$/, '')
}

function presentField({ headers }: SignedMessage, name: string): string {
  const value = fieldValue(headers, name)
  if (value === null) throw new Error(`a signature was to cover the field ${name}, which is not there`)
  return value
}

/** The values of a field in their order, as one (section 2.1); null where there is none. `name` in lower case. */
export function fieldValue(headers: readonly string[], name: string): string | null {
  const values: string[] = []
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === name) values.push((headers[index + 1] ?? '').replace(/^[ \t]+|[ \t]+$/g, ''))
  }
  return values.length === 0 ? null : values.join(', ')
}

const printable = /^[\x20-\x7e]*$/

/** A string of structured fields (RFC 9651, section 4.1.6). Throws where it is not printable ASCII. */
export function quoted(text: string): string {
  if (!printable.test(text)) throw new Error('a string of a signature is not printable ASCII')
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
