import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Inspector, Subject } from '../inspector.ts'
import { shown } from '../shown.ts'
import { decodedText } from './decoded-text.ts'
import { type FormulaCells, formulaCells } from './formula-cells.ts'
import { separatorOf } from './separator.ts'
import { readEncoding, type TextEncoding } from './text-encoding.ts'

/** What a file with a table's name may be detected as: only the name tells a table from other text. */
const types: readonly FileTypeId[] = ['txt', 'csv', 'tsv', 'md', 'yaml', 'json', 'xml', 'ics', 'vcf', 'eml']

/** Names by which a spreadsheet opens a text as a table. */
const tableName = /\.(?:csv|tsv|tab)\s*$/i

export const tableInspector: Inspector = {
  name: 'table',
  types,
  coverage:
    'Cells of files named .csv, .tsv or .tab that a spreadsheet would run as a formula are counted, whatever separates ' +
    'the cells. Numbers, dates, telephone numbers, amounts, handles and text constants are none. Other names are not ' +
    'looked into, since no spreadsheet opens them as a table.',
  inspect(subject) {
    if (!tableName.test(subject.name)) return
    const encoding = readEncoding(subject.bytes)
    const { formulas, first } = readTable(subject, encoding)
    subject.measure({ text: { encoding: encoding.encoding, formulas } })
    if (first === null) return
    const { row, column, cell } = first
    subject.observe('file.csv.formulas', `the cell in row ${row}, column ${column} begins with ${shown(cell, 40)}`)
  },
}

/** Quotes that never close hide the rest from some readers only; then all of it is read without quotes as well. */
function readTable({ bytes, name }: Subject, { nearest }: TextEncoding): FormulaCells {
  const start = new TextDecoder(nearest).decode(bytes.read(0, 64 * 1024))
  const separator = /\.(?:tsv|tab)\s*$/i.test(name) ? '\t' : separatorOf(start)
  const quoted = formulaCells(decodedText(bytes, nearest), separator, true)
  if (!quoted.open) return quoted
  const plain = formulaCells(decodedText(bytes, nearest), separator, false)
  return plain.formulas > quoted.formulas ? plain : quoted
}
