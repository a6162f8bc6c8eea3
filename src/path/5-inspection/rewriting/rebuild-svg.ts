import { readDocumentType } from '../markup/document-type.ts'
import { type Element, xmlElement } from '../markup/element.ts'
import { type EntityUse, entityUse, judgeEntities } from '../markup/entities.ts'
import { type Space, scopeOf } from '../markup/namespaces.ts'
import { OpenElements } from '../markup/open-elements.ts'
import { takeProlog } from '../markup/prolog.ts'
import { type TokenSink, tokenStream } from '../markup/tokens.ts'
import { cleanAttribute } from './svg-attributes.ts'
import { svgElements } from './svg-names.ts'
import { cleanStyles } from './svg-styles.ts'

const svgSpace = 'http://www.w3.org/2000/svg'
const xlinkSpace = 'http://www.w3.org/1999/xlink'
const longestValue = 5 * 1024 * 1024

/** Writes an SVG anew; null where it is no well-formed SVG. `size` in bytes bounds what its entities may add. */
export function rebuildSvg(texts: Iterator<string>, size: number): string | null {
  const rebuilt = { pieces: [] as string[], broken: false }
  const breakOff = (): void => {
    rebuilt.broken = true
  }
  const prolog = takeProlog(texts)
  const plain =
    prolog.documentType === null ? new Map() : judgeEntities(readDocumentType(prolog.documentType), () => undefined)
  const entities = entityUse(plain, size, breakOff)
  const open = new OpenElements(null, breakOff)
  const stream = tokenStream(
    { mode: 'xml', foreign: false, longestValue },
    writer(rebuilt.pieces, open, entities, breakOff),
  )
  for (const text of prolog.texts) stream.write(text)
  for (let next = texts.next(); next.done !== true; next = texts.next()) stream.write(next.value)
  stream.end()
  open.end()
  return rebuilt.broken || prolog.cut || rebuilt.pieces.length === 0 ? null : rebuilt.pieces.join('')
}

/** Elements that are open: the name that each is written by, null where it and all within it is left out. */
class Written {
  readonly pieces: string[]
  readonly #names: (string | null)[] = []
  /** The namespace of the root, which that of all other elements must be. */
  #space: Space = 'svg'

  constructor(pieces: string[]) {
    this.pieces = pieces
  }

  get root(): boolean {
    return this.#names.length === 0
  }

  /** Whether the element is written. */
  begin(element: Element, empty: boolean): string | null {
    const { root } = this
    if (root) this.#space = element.space === 'none' ? 'none' : 'svg'
    const name = root || holdsElements(this.innermost) ? this.#nameOf(element, root) : null
    if (name !== null) this.pieces.push(startTag(name, element, root, empty))
    if (!empty) this.#names.push(name)
    return name
  }

  /** The name of the innermost element, null where it is left out. */
  get innermost(): string | null {
    return this.#names.at(-1) ?? null
  }

  end(): void {
    const name = this.#names.pop() ?? null
    if (name !== null) this.pieces.push(`</${name}>`)
  }

  #nameOf({ name, space }: Element, root: boolean): string | null {
    const local = name.slice(name.indexOf(':') + 1)
    if (space !== this.#space || (root && local !== 'svg')) return null
    return svgElements.has(local) ? local : null
  }
}

/** What HTML reads as text or as HTML, within a page, holds text alone. */
function holdsElements(name: string | null): boolean {
  return name !== null && name !== 'title' && name !== 'desc' && name !== 'style'
}

function writer(pieces: string[], open: OpenElements, { resolve }: EntityUse, breakOff: () => void): TokenSink {
  const written = new Written(pieces)
  let style = ''
  const add = (text: string): void => {
    open.text(text)
    if (written.innermost === 'style') style += text
    else if (written.innermost !== null) pieces.push(escaped(text))
  }
  return {
    openTag: (name, attributes, empty) => {
      const own = attributes.map((attribute) => ({ ...attribute, value: resolve(attribute.value) }))
      const scope = scopeOf(open.scope, own, (value) => value)
      open.tag(name, attributes, scope, empty)
      const { root } = written
      const local = written.begin(xmlElement(name, own, scope), empty)
      if (root && local === null) breakOff()
    },
    closeTag: (name) => {
      open.close(name)
      if (written.innermost === 'style') pieces.push(escaped(cleanStyles(style)))
      if (written.innermost === 'style') style = ''
      written.end()
    },
    text: (text) => add(resolve(text)),
    cdata: add,
    comment: () => undefined,
    instruction: () => undefined,
    declaration: breakOff,
    excess: breakOff,
    unfinished: breakOff,
  }
}

function startTag(local: string, element: Element, root: boolean, empty: boolean): string {
  const names = new Map<string, string>()
  for (const attribute of element.attributes) {
    const clean = cleanAttribute(local, attribute)
    if (clean !== null && !names.has(clean[0])) names.set(clean[0], clean[1])
  }
  const spaces = root ? ` xmlns="${svgSpace}" xmlns:xlink="${xlinkSpace}"` : ''
  const written = Array.from(names, ([name, value]) => ` ${name}="${quoted(value)}"`).join('')
  return `<${local}${spaces}${written}${empty ? '/' : ''}>`
}

/** What XML 1.0 §2.2 has no place for. */
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

function escaped(text: string): string {
  return text
    .replace(unwritable, '')
    .replace(/\r\n?/g, '\n')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}

function quoted(value: string): string {
  return escaped(value.replace(/[\t\n\r]/g, ' ')).replace(/"/g, '&quot;')
}
