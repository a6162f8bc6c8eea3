import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { isRemote } from './link-target.ts'

const ddeFunction = /\bDDE\s*\(/i
const webFunction = /\bWEBSERVICE\s*\(\s*"([^"]*)"/i

/** Notes a formula (of Excel or OpenDocument) that asks another program or the web; those that compute are ordinary. */
export function noteFormula(subject: Subject, formula: string): void {
  if (!formula.includes('|') && !formula.includes('(')) return
  const url = webFunction.exec(formula)?.[1]
  if (url !== undefined && isRemote(url)) {
    subject.observe('file.office.external', `a formula loads data from ${shown(url)}`)
  }
  // Outside of texts, quoted names and the rows of arrays, a bar stands only between a program and a topic.
  const plain = formula
    .replace(/"[^"]*"/g, '')
    .replace(/'[^']*'/g, '')
    .replace(/\{[^{}]*\}/g, '')
  if (plain.includes('|') || ddeFunction.test(plain)) {
    subject.observe('file.office.dde', `the formula ${shown(formula)} asks another program`)
  }
}
