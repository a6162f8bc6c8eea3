import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { isActiveLink, isRemote, targetKind } from './link-target.ts'

/**
 * Follows the fields of a text (Word, in each of its formats) and notes those that start programs or load files. A field
 * is a code, which may have fields in it, and a result that stands there until the next update.
 */
export interface FieldReader {
  begin(): void
  /** Text of the innermost field; counts while it is in the code, and is ignored outside of fields. */
  text(text: string): void
  separate(): void
  end(): void
}

interface Field {
  code: string
  inCode: boolean
}

const longestCode = 4096
const deepest = 100
/** Stands for a field in the code of another, where its value cannot be told. */
const unknown = '\u0001'

export function fieldReader(subject: Subject): FieldReader {
  const open: Field[] = []
  let beyond = 0
  const finishCode = (field: Field): void => {
    if (field.inCode) noteFieldCode(subject, field.code)
    field.inCode = false
  }
  const append = (text: string): void => {
    const field = open.at(-1)
    if (!field?.inCode || field.code.length >= longestCode) return
    // Any amount of white space may stand before the name.
    field.code += (field.code === '' ? text.trimStart() : text).slice(0, longestCode)
  }
  return {
    begin: () => {
      if (open.length < deepest) open.push({ code: '', inCode: true })
      else if (++beyond === 1) subject.uncovered('damaged', `its fields are nested more than ${deepest} levels deep`)
    },
    text: append,
    separate: () => {
      const field = open.at(-1)
      if (beyond === 0 && field !== undefined) finishCode(field)
    },
    end: () => {
      if (beyond > 0) beyond -= 1
      else {
        const field = open.pop()
        if (field === undefined) return
        finishCode(field)
        append(valueOf(field.code))
      }
    },
  }
}

const dde = /^[\s"]*DDE(?:AUTO)?(?![a-z0-9])/i
/** A field with arguments whose name is another field's text. */
// oxlint-disable-next-line no-control-regex
const computedName = /^\s*\u0001\s*[^\s\u0001\\]/

/** Notes what a whole field code is about. */
export function noteFieldCode(subject: Subject, code: string): void {
  if (dde.test(code)) subject.observe('file.office.dde', `the field ${shown(code.trim(), 100)} asks another program`)
  else if (computedName.test(code))
    subject.observe('file.office.dde', 'the name of a field is computed by another field')
  else noteReference(subject, code)
}

function noteReference(subject: Subject, code: string): void {
  const [, name = '', rest = ''] = /^\s*([a-z]+)\s+(.*)$/is.exec(code) ?? []
  const target = argumentsOf(rest).find((argument) => loads(name.toUpperCase(), argument))
  if (target === undefined) return
  subject.observe('file.office.external', `the field ${name.toUpperCase()} refers to ${shown(target)}`)
}

const loading = new Set(['INCLUDETEXT', 'RD', 'LINK', 'DATABASE'])

function loads(name: string, target: string): boolean {
  if (name === 'INCLUDEPICTURE' || name === 'IMPORT') return isLoadedPicture(target)
  if (name === 'HYPERLINK') return isActiveLink(target)
  return loading.has(name) && isRemote(target)
}

/** Pictures from the web are what mails and pages leave when they are pasted; one by file sharing tells who looks. */
export function isLoadedPicture(target: string): boolean {
  const kind = targetKind(target)
  return (
    kind === 'host' ||
    (kind === 'scheme' && !/^\s*(?:cid|mid|data|blob|about|x-apple.*|vnd\.sun\.star\..*):/i.test(target))
  )
}

/** Arguments and switches of a field, within some bounds; backslashes are doubled in them. */
function argumentsOf(rest: string): string[] {
  const found = [...rest.slice(0, 2048).matchAll(/"([^"]*)"?|(\S+)/g)].slice(0, 20)
  return found.map(([, quoted, plain = '']) => (quoted ?? plain).replaceAll('\\\\', '\\'))
}

/** What a field comes to inside the code of another: QUOTE gives its text, or characters by their numbers. */
function valueOf(code: string): string {
  const [, rest] = /^\s*QUOTE\s+(.*)$/is.exec(code) ?? []
  if (rest === undefined) return isText(code) ? unknown : ''
  return [...rest.matchAll(/"([^"]*)"?|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? characterOf(word)).join('')
}

function characterOf(word: string): string {
  const code = /^(?:0x[0-9a-f]{1,4}|\d{1,5})$/i.test(word) ? Number(word) : 0
  return code > 0 ? String.fromCharCode(code) : word
}

/** Fields that can stand for any text. */
function isText(code: string): boolean {
  return /^\s*(?:REF|DOCVARIABLE|DOCPROPERTY|FILLIN|ASK|IF)\b/i.test(code)
}
