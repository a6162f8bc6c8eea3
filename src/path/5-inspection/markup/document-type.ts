/** A document type declaration taken apart (XML 1.0 §2.8, §4.2, §3.3). Nothing is expanded. */
export interface DocumentType {
  /** What its external subset is called; null where it has none. */
  readonly external: ExternalId | null
  readonly entities: readonly EntityDeclaration[]
  /** Attributes that elements have without writing them. */
  readonly defaults: readonly { readonly element: string; readonly name: string; readonly value: string }[]
  /** False where more declarations came than are looked at. */
  readonly whole: boolean
}

export interface ExternalId {
  readonly publicId: string | null
  readonly systemId: string
}

export interface EntityDeclaration {
  readonly name: string
  readonly parameter: boolean
  /** The value as it is written, or where it is to be loaded from. */
  readonly value: string | ExternalId
  /** Has a notation: it is never parsed. */
  readonly unparsed: boolean
}

/** A word or a quoted string of a declaration. */
interface Word {
  readonly text: string
  readonly quoted: boolean
}

const mostDeclarations = 10_000

/** `text` stands between `<!` and the `>` that ends it, and begins with DOCTYPE. */
export function readDocumentType(text: string): DocumentType {
  const open = subsetStart(text)
  const head = words(open < 0 ? text : text.slice(0, open))
  const external = externalId(head.slice(2))
  const entities: EntityDeclaration[] = []
  const defaults: { element: string; name: string; value: string }[] = []
  let count = 0
  for (const declaration of open < 0 ? [] : declarations(text, open + 1)) {
    count += 1
    if (count > mostDeclarations) break
    const [kind, ...rest] = words(declaration)
    const entity = kind?.text === 'ENTITY' ? entityOf(rest) : null
    if (entity !== null) entities.push(entity)
    if (kind?.text === 'ATTLIST') defaults.push(...defaultsOf(rest))
  }
  return { external, entities, defaults, whole: count <= mostDeclarations }
}

function entityOf(rest: readonly Word[]): EntityDeclaration | null {
  const parameter = rest[0]?.text === '%'
  const [name, value, ...more] = parameter ? rest.slice(1) : rest
  if (name === undefined || value === undefined) return null
  if (value.quoted) return { name: name.text, parameter, value: value.text, unparsed: false }
  const external = externalId([value, ...more])
  const unparsed = more.some((word) => !word.quoted && word.text === 'NDATA')
  return external === null ? null : { name: name.text, parameter, value: external, unparsed }
}

function externalId(rest: readonly Word[]): ExternalId | null {
  const [keyword, first, second] = rest
  if (first?.quoted !== true) return null
  if (keyword?.text === 'SYSTEM') return { publicId: null, systemId: first.text }
  if (keyword?.text !== 'PUBLIC') return null
  return { publicId: first.text, systemId: second?.quoted === true ? second.text : '' }
}

/** Every quoted string of an attribute list is a default, save the names of an enumeration, which are not quoted. */
function defaultsOf(rest: readonly Word[]): { element: string; name: string; value: string }[] {
  const element = rest[0]?.text ?? ''
  const plain = rest.filter(({ text }) => text !== '#FIXED')
  return plain.flatMap(({ text, quoted }, index) => {
    if (!quoted) return []
    const name = nameBefore(plain, index)
    return [{ element, name, value: text }]
  })
}

/** The attribute's name stands two words before its default: `NAME TYPE "default"`; enumerations are one word. */
function nameBefore(rest: readonly Word[], index: number): string {
  return rest[index - 2]?.text ?? ''
}

/** Where the internal subset opens; -1 where there is none. */
function subsetStart(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (char === '[') return at
    if (char === '"' || char === "'") {
      at = text.indexOf(char, at + 1)
      if (at < 0) return -1
    }
  }
  return -1
}

/** What stands between `<!` and `>` in an internal subset, comments and instructions left out. */
export function* declarations(text: string, from: number): Generator<string> {
  for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at)) {
    const end = endOfConstruct(text, at)
    if (end < 0) return
    if (text.startsWith('<!', at) && !text.startsWith('<!--', at)) yield text.slice(at + 2, end - 1)
    at = end
  }
}

/** Offset after the comment, instruction or declaration that begins here; -1 where it does not end. */
export function endOfConstruct(text: string, at: number): number {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4)
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2)
  for (let index = at + 1; index < text.length; index += 1) {
    const char = text[index]
    if (char === '>') return index + 1
    if (char === '"' || char === "'") {
      index = text.indexOf(char, index + 1)
      if (index < 0) return -1
    }
  }
  return -1
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? -1 : at + mark.length
}

const wordPattern = /"([^"]*)"|'([^']*)'|\([^()"']*\)|[^\s"'()]+/g

function words(declaration: string): Word[] {
  return Array.from(declaration.matchAll(wordPattern), ([all, double, single]) => {
    const text = double ?? single
    return text === undefined ? { text: all, quoted: false } : { text, quoted: true }
  })
}
