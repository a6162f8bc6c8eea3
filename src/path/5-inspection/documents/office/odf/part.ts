import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { isLoadedPicture } from '../field-codes.ts'
import { noteFormula } from '../formulas.ts'
import { isActiveLink, isRemote, targetKind } from '../link-target.ts'
import { attributeOf, attributesOf } from '../xml/attributes.ts'
import { localName, scanXml } from '../xml/scan.ts'

/** Elements whose text is code: modules of Basic, and scripts in the text (OpenDocument 1.3, part 3, §3.13 and §7.5.8). */
const code = new Set(['module', 'script', 'source-code', 'binary-data'])
/** Elements that ask another program (§14.6). */
const dde = new Set(['dde-connection-decl', 'dde-source', 'dde-link', 'dde-connection'])
/** Elements that show another document as part of this one (§5.4.2, §9.3.2, §10.4.9). */
const sources = new Set(['section-source', 'table-source', 'cell-range-source', 'floating-frame', 'subdocument'])
/** Elements that do what they say when a reader clicks them. */
const links = new Set(['a', 'hyperlink', 'form', 'button'])
/** Elements that are seen or heard, or give the letters their form. */
const shownElement = /(?:^|-)(?:image|icon)$|^(?:plugin|sound|video|audio|font-face-uri)$/

/** Looks into the XML of any member; what is wrong with it, or null. */
export function inspectOdfPart(subject: Subject, text: string): string | null {
  let isScript = false
  const visitor = {
    textOf: code,
    open: (name: string, raw: string) => {
      if (name === 'scripts' || name === 'module') isScript = true
      if (dde.has(name)) subject.observe('file.office.dde', 'it asks another program for data')
      if (name === 'applet') subject.observe('file.office.activex', 'it has a Java applet')
      if (name === 'event-listener' || name === 'event') noteEvent(subject, raw)
      if (name === 'script' && raw.includes('href'))
        subject.observe('file.office.macros', 'its text refers to a script')
      if (raw.includes('href')) noteReference(subject, name, attributeOf(raw, 'href') ?? '')
      if (raw.includes('ormula') || raw.includes('condition')) noteFormulas(subject, raw)
    },
    text: (name: string, piece: string) => {
      const isCode = name !== 'binary-data' || isScript
      if (isCode && /\S/.test(piece)) subject.observe('file.office.macros', `it has code in an element "${name}"`)
    },
    close: (name: string) => {
      if (name === 'scripts' || name === 'module') isScript = false
    },
  }
  return scanXml(text, visitor, true)
}

/** §3.14, §10.3.19: what an event does; going to pages and playing sounds are ordinary. */
function noteEvent(subject: Subject, raw: string): void {
  const action = attributeOf(raw, 'action')
  if (action === 'execute') return subject.observe('file.office.dde', 'a click or the mouse starts a program')
  const name = attributeOf(raw, 'macro-name')
  const isMacro =
    action === 'macro' ||
    (name !== null && name !== '') ||
    /:(?:Basic|JavaScript)$/i.test(attributeOf(raw, 'language') ?? '')
  if (isMacro)
    subject.observe('file.office.macros', `an event runs ${shown(name ?? attributeOf(raw, 'href') ?? 'a macro')}`)
}

const macro = /^\s*(?:vnd\.sun\.star\.script|macro|script):/i

function noteReference(subject: Subject, name: string, target: string): void {
  if (macro.test(target)) return subject.observe('file.office.macros', `a link or event runs ${shown(target)}`)
  if (isLoaded(name, target)) {
    subject.observe('file.office.external', `the element "${name.slice(0, 40)}" refers to ${shown(target)}`)
  }
}

function isLoaded(name: string, target: string): boolean {
  if (links.has(name)) return isActiveLink(target)
  if (sources.has(name)) return isRemote(target) || targetKind(target) === 'local'
  if (shownElement.test(name)) return isLoadedPicture(target)
  const kind = targetKind(target)
  return kind === 'host' || kind === 'web' || (kind === 'scheme' && isActiveLink(target))
}

function noteFormulas(subject: Subject, raw: string): void {
  for (const [name, value] of attributesOf(raw)) {
    if (/formula|condition/i.test(localName(name))) noteFormula(subject, value)
  }
}
