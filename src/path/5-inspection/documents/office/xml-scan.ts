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
const endTag = /<\/([^\s<>/="'&!?]+)\s*>/y

/**
 * Reads XML 1.0 and says what keeps it from being well-formed, as a clause ("it has a document type"), or null. No
 * document type, hence no entities, unless `allowsDoctype`, which allows one without declarations. Linear in the text.
 */
export function scanXml(text: string, visitor: XmlVisitor, allowsDoctype = false): string | null {
  const names: string[] = []
  let wanted: string | null = null
  let at = 0
  let roots = 0
  for (;;) {
    const next = text.indexOf('<', at)
    const piece = next < 0 ? text.slice(at) : next > at ? text.slice(at, next) : ''
    if (names.length === 0 && piece !== '' && !/^[\s\uFEFF]*$/.test(piece)) return 'it has text outside of its root'
    if (wanted !== null && piece !== '') visitor.text?.(wanted, piece)
    if (next < 0) break
    const kind = text.charCodeAt(next + 1)
    if (kind === 0x21 || kind === 0x3f) {
      const end = specialEnd(text, next, allowsDoctype && roots === 0)
      if (typeof end === 'string') return end
      if (text.startsWith('<![CDATA[', next)) {
        if (names.length === 0) return 'it has text outside of its root'
        if (wanted !== null) visitor.text?.(wanted, text.slice(next + 9, end - 3))
      }
      at = end
      continue
    }
    const pattern = kind === 0x2f ? endTag : tag
    pattern.lastIndex = next
    const found = pattern.exec(text)
    if (found === null) return 'a tag in it cannot be read'
    at = pattern.lastIndex
    const name = found[1] as string
    const local = localName(name)
    if (kind === 0x2f) {
      if (names.pop() !== name) return 'its tags do not match'
      visitor.close?.(local)
    } else {
      if (names.length === 0 && (roots += 1) > 1) return 'it has more than one root'
      visitor.open(local, found[2] as string)
      if (found[3] === '/') visitor.close?.(local)
      else if (names.push(name) > deepest) return 'its elements are nested too deep'
    }
    wanted = wantedName(names, visitor)
  }
  if (names.length > 0) return 'it ends in the middle'
  return roots === 0 ? 'it has no root' : null
}

function wantedName(names: readonly string[], { textOf }: XmlVisitor): string | null {
  const name = names.at(-1)
  if (textOf === undefined || name === undefined) return null
  const local = localName(name)
  return textOf.has(local) ? local : null
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
