/**
 * Parameters of a media type or a Content-Disposition: `; name=value` with a token or a quoted string (RFC 9110 5.6.6),
 * read so strictly that every parser which accepts the result reads the same.
 */
export interface Parameter {
  /** Lower case. */
  readonly name: string
  /** Without quotes; a backslash stands for itself (as browsers write it). */
  readonly value: string
}

/** `syntax`: not the grammar; `quoting`: a backslash before a quote, which escapes it for some parsers and not for others. */
export interface ParameterDefect {
  readonly defect: 'syntax' | 'quoting'
  /** Index into the text. */
  readonly at: number
}

const space = 0x20
const semicolon = 0x3b
const quote = 0x22
const backslash = 0x5c

/** RFC 9110 5.6.2: token. */
const isToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/**
 * .NET writes `name=files[0]` and Java mailers `boundary==_Part_1` without quotes. Such values end at the next semicolon
 * for every parser; white space, commas, quotes and backslashes are what makes them doubtful.
 */
const isPlainValue = /^[!#-+\--:<-[\]-~]+$/

/** Reads all parameters of `text` from `from`, which is the end of the type. */
export function parseParameters(text: string, from: number): readonly Parameter[] | ParameterDefect {
  const parameters: Parameter[] = []
  let at = skipSpaces(text, from)
  while (at < text.length) {
    if (text.charCodeAt(at) !== semicolon) return { defect: 'syntax', at }
    const nameAt = skipSpaces(text, at + 1)
    const equalsAt = text.indexOf('=', nameAt)
    const name = text.slice(nameAt, equalsAt)
    if (equalsAt < 0 || !isToken.test(name)) return { defect: 'syntax', at: nameAt }
    const value = readValue(text, equalsAt + 1)
    if ('defect' in value) return value
    parameters.push({ name: name.toLowerCase(), value: value.value })
    at = skipSpaces(text, value.end)
  }
  return parameters
}

function readValue(text: string, at: number): { value: string; end: number } | ParameterDefect {
  return text.charCodeAt(at) === quote ? readQuoted(text, at) : readPlain(text, at)
}

function readPlain(text: string, at: number): { value: string; end: number } | ParameterDefect {
  let end = at
  while (end < text.length && text.charCodeAt(end) !== semicolon && text.charCodeAt(end) !== space) end++
  const value = text.slice(at, end)
  return isPlainValue.test(value) ? { value, end } : { defect: 'syntax', at }
}

function readQuoted(text: string, at: number): { value: string; end: number } | ParameterDefect {
  const end = text.indexOf('"', at + 1)
  if (end < 0) return { defect: 'syntax', at }
  if (text.charCodeAt(end - 1) === backslash) return { defect: 'quoting', at: end - 1 }
  return { value: text.slice(at + 1, end), end: end + 1 }
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === space) at++
  return at
}

/** Type and subtype in lower case with the parameters, or the place of the defect. */
export interface MediaType {
  readonly type: string
  readonly parameters: readonly Parameter[]
}

const isMediaType = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/

/** RFC 9110 8.3.1. */
export function parseMediaType(text: string): MediaType | ParameterDefect {
  const end = text.indexOf(';')
  const type = (end < 0 ? text : text.slice(0, end)).trimEnd().toLowerCase()
  if (!isMediaType.test(type)) return { defect: 'syntax', at: 0 }
  const parameters = end < 0 ? [] : parseParameters(text, end)
  return 'defect' in parameters ? parameters : { type, parameters }
}

/** The value of a parameter that may occur once; undefined when absent, null when repeated. */
export function singleParameter(parameters: readonly Parameter[], name: string): string | undefined | null {
  const found = parameters.filter((parameter) => parameter.name === name)
  return found.length > 1 ? null : found[0]?.value
}
