/** What a scan calls while it reads; names are without their prefix, values and text are for `decoded`. */
export interface XmlVisitor {
  open(name: string, attributes: string): void
  /** Text and CDATA, in pieces, of the elements in `textOf` alone. */
  text?(name: string, text: string): void
  close?(name: string): void
  readonly textOf?: ReadonlySet<string>
}

/** Deeper than any program nests; the stack of names is all that a scan keeps. */
const deepest = 5000

const tag = /<([^\s<>/="'&!?]+)((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const [exclamation, slash, question] = [0x21, 0x2f, 0x3f]
const endTag = /<\/([^\s<>/="'&!?]+)\s*>/y

/** What is known in the middle of a text. */
interface Scan {
  readonly text: string
  readonly visitor: XmlVisitor
  readonly allowsDoctype: boolean
  /** Open elements, with their prefixes; and whether their text is wanted, by local name, else null. */
  readonly names: string[]
  readonly wanted: (string | null)[]
  roots: number
}

/**
 * Reads XML 1.0 and says what keeps it from being well-formed, as a clause ("it has a document type"), or null. No
 * document type, hence no entities, unless `allowsDoctype`, which allows one without declarations. Linear in the text.
 */
export function scanXml(text: string, visitor: XmlVisitor, allowsDoctype = false): string | null {
  const scan: Scan = { text, visitor, allowsDoctype, names: [], wanted: [], roots: 0 }
  for (let at = 0; ; ) {
    const next = text.indexOf('<', at)
    const defect = readText(scan, at, next < 0 ? text.length : next)
    if (defect !== null) return defect
    if (next < 0) break
    const end = readMarkup(scan, next)
    if (typeof end === 'string') return end
    at = end
  }
  if (scan.names.length > 0) return 'it ends in the middle'
  return scan.roots === 0 ? 'it has no root' : null
}

function readText({ text, visitor, names, wanted }: Scan, start: number, end: number): string | null {
  if (start >= end) return null
  if (names.length === 0) return /^[\s\uFEFF]*$/.test(text.slice(start, end)) ? null : 'it has text outside of its root'
  const name = wanted.at(-1)
  if (name) visitor.text?.(name, text.slice(start, end))
  return null
}

/** Past the markup that begins here; a clause where it cannot be read. */
function readMarkup(scan: Scan, at: number): number | string {
  const { text, allowsDoctype, roots } = scan
  const kind = text.charCodeAt(at + 1)
  if (kind === slash) return readEnd(scan, at)
  if (kind !== exclamation && kind !== question) return readStart(scan, at)
  const end = specialEnd(text, at, allowsDoctype && roots === 0)
  if (typeof end === 'string' || !text.startsWith('<![CDATA[', at)) return end
  return readText(scan, at + 9, end - 3) ?? end
}

function readStart(scan: Scan, at: number): number | string {
  const { text, visitor, names, wanted } = scan
  tag.lastIndex = at
  const found = tag.exec(text)
  if (found === null) return 'a tag in it cannot be read'
  if (names.length === 0) scan.roots += 1
  if (scan.roots > 1) return 'it has more than one root'
  const [, name = '', attributes = '', end] = found
  const local = localName(name)
  visitor.open(local, attributes)
  if (end === '/') visitor.close?.(local)
  else {
    names.push(name)
    wanted.push(visitor.textOf?.has(local) ? local : null)
  }
  return names.length > deepest ? 'its elements are nested too deep' : tag.lastIndex
}

function readEnd({ text, visitor, names, wanted }: Scan, at: number): number | string {
  endTag.lastIndex = at
  const name = endTag.exec(text)?.[1]
  if (name === undefined) return 'a tag in it cannot be read'
  if (names.pop() !== name) return 'its tags do not match'
  wanted.pop()
  visitor.close?.(localName(name))
  return endTag.lastIndex
}

/** Past the end of a comment, CDATA section, instruction or document type; a clause where it has none. */
function specialEnd(text: string, at: number, allowsDoctype: boolean): number | string {
  if (text.startsWith('<!--', at)) return pastEnd(text, at + 4, '-->')
  if (text.startsWith('<![CDATA[', at)) return pastEnd(text, at + 9, ']]>')
  if (text.startsWith('<?', at)) return pastEnd(text, at + 2, '?>')
  if (!allowsDoctype) return 'it has a document type'
  const declaration = /<!DOCTYPE\s[^[\]<>]*>/y
  declaration.lastIndex = at
  return declaration.test(text) ? declaration.lastIndex : 'its document type declares entities'
}

function pastEnd(text: string, from: number, end: string): number | string {
  const at = text.indexOf(end, from)
  return at < 0 ? 'it ends in the middle' : at + end.length
}

export function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}
