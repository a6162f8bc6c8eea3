import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { fieldReader, noteFieldCode } from '../field-codes.ts'
import { noteFormula } from '../formulas.ts'
import { isRemote } from '../link-target.ts'
import { attributeOf, attributesOf } from '../xml/attributes.ts'
import { scanXml } from '../xml/scan.ts'
import { decoded } from '../xml/text.ts'

type Open = (subject: Subject, attributes: string) => void

/** Elements of the three languages, by local name, that can be active; with what is to be looked at in them. */
const elements = new Map<string, Open>([
  ['fldSimple', (subject, raw) => noteFieldCode(subject, attributeOf(raw, 'instr') ?? '')],
  ['ddeLink', noteDdeLink],
  ['webPr', noteWebQuery],
  ['hlinkClick', noteAction],
  ['hlinkMouseOver', noteAction],
  ['hlinkHover', noteAction],
  ['customUI', noteCallback],
])

const formulas = new Set(['f', 'formula', 'formula1', 'formula2', 'definedName', 'calculatedColumnFormula'])
const textOf = new Set(['instrText', ...formulas])

/** Looks into the XML of any part; what is wrong with it, or null. */
export function inspectPart(subject: Subject, text: string): string | null {
  const fields = fieldReader(subject)
  let formula = ''
  return scanXml(text, {
    textOf,
    open: (name, raw) => {
      if (formulas.has(name)) formula = ''
      else if (name === 'fldChar') noteMark(fields, attributeOf(raw, 'fldCharType'))
      else elements.get(name)?.(subject, raw)
    },
    text: (name, text) => {
      if (name === 'instrText') fields.text(decoded(text))
      else if (formula.length < 8192) formula += text.slice(0, 8192)
    },
    close: (name) => {
      if (formulas.has(name) && formula !== '') noteFormula(subject, decoded(formula))
    },
  })
}

function noteMark(fields: ReturnType<typeof fieldReader>, type: string | null): void {
  if (type === 'begin') fields.begin()
  else if (type === 'separate') fields.separate()
  else if (type === 'end') fields.end()
}

function noteDdeLink(subject: Subject, raw: string): void {
  const service = attributeOf(raw, 'ddeService') ?? ''
  const topic = attributeOf(raw, 'ddeTopic') ?? ''
  subject.observe('file.office.dde', `a formula asks the program ${shown(service)} for ${shown(topic)}`)
}

function noteWebQuery(subject: Subject, raw: string): void {
  const url = attributeOf(raw, 'url') ?? ''
  if (isRemote(url)) subject.observe('file.office.external', `the data of a table is loaded from ${shown(url)}`)
}

/** What a click or the mouse does on a slide (ECMA-376-1 §21.1.2.3.5, [MS-OE376] §2.1.1139). */
function noteAction(subject: Subject, raw: string): void {
  const action = (attributeOf(raw, 'action') ?? '').trim().toLowerCase()
  if (action.startsWith('ppaction://program'))
    subject.observe('file.office.dde', 'a click or the mouse starts a program')
  if (action.startsWith('ppaction://macro')) subject.observe('file.office.macros', 'a click or the mouse runs a macro')
}

/** [MS-CUSTOMUI]: the ribbon of a document calls code when it is shown. */
function noteCallback(subject: Subject, raw: string): void {
  for (const [name, value] of attributesOf(raw)) {
    if (/^(?:onLoad|loadImage)$/.test(name)) {
      subject.observe('file.office.macros', `its ribbon runs ${shown(value)} when it is loaded`)
    }
  }
}
