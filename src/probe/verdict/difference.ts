import { plain } from '../../printable.ts'
import type { FieldRead, FileRead, Reading } from './reading.ts'

const longest = 60

/** Where a backend's reading is another than the intended one, a clause each; safe to print. */
export function differences(intended: Reading, read: Reading): string[] {
  return [...fieldDifferences(intended.fields, read.fields), ...fileDifferences(intended.files, read.files)]
}

/** A reading as a clause, without the fields that every form has; safe to print. */
export function readingInWords({ fields, files }: Reading, usual: readonly FieldRead[]): string {
  const known = new Set(usual.map(([name]) => name))
  const told = [
    ...files.map((file) => `${fileInWords(file)}, ${file.size} bytes`),
    ...fields.filter(([name]) => !known.has(name)).map(fieldInWords),
  ]
  return told.length === 0 ? 'nothing' : told.slice(0, 5).join('; ')
}

function fieldDifferences(intended: readonly FieldRead[], read: readonly FieldRead[]): string[] {
  const missing = without(intended, read, sameField).map((field) => `${fieldInWords(field)} was not read`)
  const strange = without(read, intended, sameField).map((field) => `${fieldInWords(field)} was read`)
  return [...missing, ...strange]
}

function fileDifferences(intended: readonly FileRead[], read: readonly FileRead[]): string[] {
  const missing = without(intended, read, sameFile)
  const strange = without(read, intended, sameFile)
  return [
    ...missing.map((file) => `${fileInWords(file)} was not read as it was sent (${file.size} bytes)`),
    ...strange.map((file) => `${fileInWords(file)} was read (${file.size} bytes)`),
  ]
}

/** Elements of `all` that have no counterpart of their own in `others`. */
function without<Item>(all: readonly Item[], others: readonly Item[], same: (one: Item, other: Item) => boolean) {
  const left = [...others]
  return all.filter((item) => {
    const at = left.findIndex((other) => same(item, other))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** By name and value: the type of a field is read by few backends. */
function sameField([name, value]: FieldRead, [otherName, otherValue]: FieldRead): boolean {
  return name === otherName && value === otherValue
}

function sameFile(one: FileRead, other: FileRead): boolean {
  const typesAgree = one.type === '' || other.type === '' || mediaType(one.type) === mediaType(other.type)
  return one.field === other.field && one.filename === other.filename && one.sha256 === other.sha256 && typesAgree
}

function mediaType(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase()
}

function fieldInWords([name, value]: FieldRead): string {
  return `field "${plain(name, longest)}" = "${plain(value, longest)}"`
}

function fileInWords({ field, filename, type }: FileRead): string {
  const declared = type === '' ? '' : ` as ${plain(type, longest)}`
  return `file "${plain(filename, longest)}" in field "${plain(field, longest)}"${declared}`
}
