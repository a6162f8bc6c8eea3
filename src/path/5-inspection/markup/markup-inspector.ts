import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { ContentRuleId } from '../../../problems/catalogue.ts'
import type { Inspector, Subject } from '../inspector.ts'
import { decodedText } from './decoded-text.ts'
import type { MarkupKind } from './element.ts'
import { type Findings, Readings } from './findings.ts'
import { readHtml } from './html-reading.ts'
import { readerEncodings } from './reader-encodings.ts'
import { readEncoding } from './text-encoding.ts'
import { readXml } from './xml-reading.ts'

/** Observations beyond so many of one rule are not counted. */
const mostCounted = 1000

/** What is no accident in one encoding and absent in another. */
const refusing = new Set<ContentRuleId>(['file.markup.script', 'file.markup.entities', 'file.markup.expansion'])

const types: readonly FileTypeId[] = ['svg', 'html', 'xml']

export const markupInspector: Inspector = {
  name: 'markup',
  types,
  coverage:
    'SVG is read as XML and as HTML reads it within a page, HTML as HTML and, where it declares namespaces, as XML, in every encoding ' +
    'that it declares. Scripts, event handlers, links that run code, XSLT, frames, styles that run code and document types are ' +
    'looked at; entities are never expanded. Text in a foreignObject is no active content. Pictures and fonts within data: ' +
    'addresses are not looked into: nothing in them runs.',
  inspect(subject) {
    const kind = kindOf(subject)
    const encoding = readEncoding(subject.bytes)
    const { encodings, conflict, unreadable } = readerEncodings(subject.bytes, kind, encoding)
    if (unreadable !== null) {
      subject.observe('file.text.encoding', unreadable)
      subject.uncovered('unsupported', unreadable)
    }
    const readings = new Readings()
    for (const [index, label] of encodings.entries()) {
      const fresh = readings.reading((findings) => read(subject, kind, label, findings))
      if (index > 0 && fresh.some((rule) => refusing.has(rule)))
        subject.observe('file.text.encoding', `it reads otherwise in ${label} than in ${encodings[0]}`)
    }
    if (conflict !== null) readings.reading(({ note }) => note('file.markup.structure', conflict))
    report(subject, readings)
  },
}

function kindOf({ detected: { type } }: Subject): MarkupKind {
  return type === 'svg' || type === 'html' ? type : 'xml'
}

function read({ bytes }: Subject, kind: MarkupKind, encoding: string, findings: Findings): void {
  const text = (): Generator<string> => decodedText(bytes, encoding)
  // Only where a name ends in :script or the like do namespaces add to what HTML finds.
  const namespaces = kind === 'xml' || readHtml(text(), kind, findings)
  if (kind !== 'html' || namespaces) readXml(text(), kind, bytes.size, findings)
}

function report(subject: Subject, readings: Readings): void {
  const isHtml = subject.detected.type === 'html'
  for (const [rule, detail, count] of readings.observations) {
    if (isHtml && rule === 'file.markup.structure') continue
    for (let times = Math.min(count, mostCounted); times > 0; times -= 1) subject.observe(rule, detail)
  }
  for (const what of readings.excesses) subject.uncovered('tooLarge', `it has ${what}`)
}
