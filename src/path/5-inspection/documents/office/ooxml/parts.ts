import { fileTypes } from '../../../../../file-types/catalogue.ts'
import type { ZipEntry } from '../../../archives/zip/entry.ts'
import type { Bytes } from '../../../bytes.ts'
import { detectType } from '../../../detection/detect-type.ts'
import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { noteObject } from '../note-object.ts'
import { xmlText } from '../xml/text.ts'
import { withPart, withWholePart } from '../zip-parts.ts'
import { noteBinaryLinks } from './binary-links.ts'
import { inspectPart } from './part.ts'
import { readProperties } from './properties.ts'

export interface PackagePart {
  readonly entry: ZipEntry
  readonly key: string
  /** Lower case; empty where none is declared. */
  readonly contentType: string
  /** Kinds of the relationships that lead to it. */
  readonly kinds: ReadonlySet<string>
}

/** A part is what its content type, a relationship to it or its usual name says: readers believe one or another. */
interface Family {
  readonly contentType: RegExp
  readonly kinds: readonly string[]
  readonly key: RegExp
}

const vba: Family = {
  contentType: /^application\/vnd\.ms-(?:office\.vbaproject|word\.vbadata\+xml)/,
  kinds: ['vbaproject', 'wordvbadata'],
  key: /(?:^|\/)vba(?:project|data)[^/]*\.(?:bin|xml)$/,
}
const macroSheet: Family = {
  contentType: /^application\/vnd\.ms-excel\.(?:intl)?macrosheet/,
  kinds: ['xlmacrosheet', 'xlintlmacrosheet'],
  key: /^xl\/macrosheets\/[^/]+$/,
}
const control: Family = {
  contentType: /^application\/vnd\.ms-office\.activex/,
  kinds: ['control', 'activexcontrolbinary'],
  key: /(?:^|\/)activex\d*\.(?:xml|bin)$/,
}
const object: Family = {
  contentType: /^application\/vnd\.openxmlformats-officedocument\.oleobject/,
  kinds: ['oleobject'],
  key: /\/embeddings\/[^/]+$/,
}
const binaryLink: Family = {
  contentType: /^application\/vnd\.ms-excel\.externallink$/,
  kinds: [],
  key: /^xl\/externallinks\/[^/]+\.bin$/,
}
const packed: Family = { contentType: /^$/, kinds: ['package', 'afchunk'], key: /^$/ }

function isOf({ contentType, kinds, key }: PackagePart, family: Family): boolean {
  return family.contentType.test(contentType) || family.kinds.some((kind) => kinds.has(kind)) || family.key.test(key)
}

/** Unpacks one part and looks at it as what it is; false where a bound was passed. */
export async function inspectContent(subject: Subject, part: PackagePart): Promise<boolean> {
  const { entry, key } = part
  const name = shown(entry.name)
  if (isOf(part, vba)) subject.observe('file.office.macros', `the part ${name} is a VBA project`)
  if (isOf(part, macroSheet)) subject.observe('file.office.macros', `the part ${name} is a sheet of Excel 4 macros`)
  if (isOf(part, control)) subject.observe('file.office.activex', `the part ${name} is an ActiveX control`)
  if (key.endsWith('.piece')) subject.observe('file.office.structure', `the part ${name} is cut into pieces`)
  if (isXml(part)) return withWholePart(subject, entry, (bytes) => inspectXml(subject, part, bytes))
  return withPart(subject, entry, async (content) => inspectOther(subject, part, content))
}

function isXml({ contentType, key }: PackagePart): boolean {
  if (contentType === 'image/svg+xml' || key.endsWith('.svg')) return false
  return /[+/]xml(?:;|$)/.test(contentType) || /\.(?:xml|vml)$/.test(key)
}

function inspectXml(subject: Subject, part: PackagePart, bytes: Buffer): void {
  if (bytes.length === 0) return
  const text = xmlText(bytes)
  const defect = text === null ? 'it is in an encoding that is none of XML' : inspectPart(subject, text)
  // Excel writes HTML of old into its drawings.
  if (defect !== null && !isLoose(part)) {
    subject.observe('file.office.structure', `the part ${shown(part.entry.name)} cannot be read: ${defect}`)
  }
  if (text !== null && part.kinds.has('extended-properties')) readProperties(subject, text)
}

function isLoose({ contentType, key }: PackagePart): boolean {
  return contentType.endsWith('vmldrawing') || key.endsWith('.vml')
}

/** Families of files that are shown or heard where they stand. */
const shownFamilies = new Set(['image', 'audio', 'video', 'font'])

async function inspectOther(subject: Subject, part: PackagePart, content: Bytes): Promise<void> {
  if (isOf(part, object) || (part.kinds.has('package') && content.size > 0)) {
    await noteObject(subject, part.entry.name, content)
    return
  }
  if (isOf(part, binaryLink)) noteBinaryLinks(subject, content)
  const { type } = await detectType(content)
  const isOrdinary = type === null || shownFamilies.has(fileTypes[type].family)
  if (!isOrdinary || isOf(part, packed)) await subject.member(part.entry.name, content)
}
