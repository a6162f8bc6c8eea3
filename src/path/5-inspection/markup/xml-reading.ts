import { type DocumentType, readDocumentType } from './document-type.ts'
import { type MarkupKind, xmlElement } from './element.ts'
import { type EntityUse, entityUse, judgeEntities, type PlainEntities } from './entities.ts'
import type { Findings } from './findings.ts'
import { judgeInstruction } from './instructions.ts'
import { judgeElement } from './judge-element.ts'
import { type Scope, scopeOf } from './namespaces.ts'
import { OpenElements } from './open-elements.ts'
import { takeProlog } from './prolog.ts'
import { styleText } from './style-text.ts'
import { type Attribute, type TokenSink, tokenStream } from './tokens.ts'

/** How much longer entities may make a file: by far more than namespaces of OWL do, and far less than a bomb. */
const growth = 20
const smallGrowth = 1024 * 1024

/** Notes what a reader of XML finds; `size` is that of the file in bytes. */
export function readXml(texts: Iterator<string>, kind: MarkupKind, size: number, findings: Findings): void {
  const prolog = takeProlog(texts)
  if (prolog.cut) findings.excess('a prolog of more than 2 MiB')
  const type = prolog.documentType === null ? null : readDocumentType(prolog.documentType)
  const plain: PlainEntities = type === null ? new Map() : judgeEntities(type, findings.note)
  const entities = entityUse(plain, smallGrowth + growth * size, findings.note)
  const outermost = type === null ? null : judgeDefaults(type, kind, findings)
  const open = new OpenElements(outermost, findings.note)
  const stream = tokenStream({ mode: 'xml', foreign: false }, xmlSink(kind, open, entities, findings))
  for (const text of prolog.texts) stream.write(text)
  for (let next = texts.next(); next.done !== true; next = texts.next()) stream.write(next.value)
  stream.end()
  open.end()
}

/** Attributes that the document type gives to elements, judged as if they were written; and the namespaces among them. */
function judgeDefaults({ defaults }: DocumentType, kind: MarkupKind, findings: Findings): Scope | null {
  const written = (name: string, value: string): Attribute => ({ name, value, quoted: true, whole: true })
  for (const { element, name, value } of defaults) {
    judgeElement({ ...xmlElement(element, [written(name, value)], null), space: 'unknown' }, kind, findings)
  }
  return scopeOf(
    null,
    defaults.map(({ name, value }) => written(name, value)),
    (value) => value,
  )
}

function xmlSink(
  kind: MarkupKind,
  open: OpenElements,
  { resolve, count }: EntityUse,
  { note, excess }: Findings,
): TokenSink {
  const style = styleText(note)
  let styled = false
  const resolved = (attribute: Attribute): Attribute => {
    const value = resolve(attribute.value)
    return value === attribute.value ? attribute : { ...attribute, value }
  }
  const fault = (detail: string): void => note('file.markup.structure', detail)
  return {
    openTag: (name, attributes, empty) => {
      const own = attributes.map(resolved)
      const scope = scopeOf(open.scope, own, (value) => value)
      const element = xmlElement(name, own, scope)
      judgeElement(element, kind, { note, excess })
      open.tag(name, attributes, scope, empty)
      styled = element.local === 'style' && !empty
    },
    closeTag: (name) => {
      open.close(name)
      styled = false
      style.end()
    },
    text: (text) => {
      count(text)
      open.text(text)
      if (styled) style.add(text)
    },
    cdata: (text) => {
      open.text(text)
      if (styled) style.add(text)
    },
    comment: () => undefined,
    instruction: (text) => judgeInstruction(text, kind, note),
    declaration: (text) => {
      fault('a declaration stands where none may')
      if (/^doctype/i.test(text)) judgeEntities(readDocumentType(text), note)
    },
    excess,
    unfinished: () => fault('it ends within a tag, a comment or the like'),
  }
}
