/** Documents of office programs with what may be active in them, made at test time; nothing in them does anything. */
import { deflateSync } from 'node:zlib'
import { compoundFile, type Streams } from './compound-file.ts'
import { type Member, zip } from './files.ts'

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const mains = {
  word: ['word/document.xml', 'wordprocessingml.document', 'w:document'],
  xl: ['xl/workbook.xml', 'spreadsheetml.sheet', 'workbook'],
  ppt: ['ppt/presentation.xml', 'presentationml.presentation', 'p:presentation'],
} as const

export interface Package {
  readonly folder?: keyof typeof mains
  /** What stands in the main part. */
  readonly body?: string
  /** Relationships of the main part: last segment of the type (or all of it), target, whether it is external. */
  readonly relationships?: readonly (readonly [kind: string, target: string, external?: boolean])[]
  readonly parts?: Readonly<Record<string, string | Buffer>>
  /** Content types by part name. */
  readonly types?: Readonly<Record<string, string>>
  /** Members that replace what would be written; null leaves one out. */
  readonly replace?: Readonly<Record<string, string | Buffer | null>>
}

/** An Office Open XML package as programs write it, and what is added. */
export function ooxml({
  folder = 'word',
  body = '',
  relationships = [],
  parts = {},
  types = {},
  replace = {},
}: Package) {
  const [main, type, root] = mains[folder]
  const members = new Map<string, string | Buffer>([
    [
      '[Content_Types].xml',
      contentTypes({ [main]: `application/vnd.openxmlformats-officedocument.${type}.main+xml`, ...types }),
    ],
    ['_rels/.rels', relationshipList([['officeDocument', main]])],
    [main, `${xml}<${root} xmlns:w="urn:w" xmlns:p="urn:p" xmlns:a="urn:a" xmlns:r="urn:r">${body}</${root}>`],
    [`${folder}/_rels/${main.slice(folder.length + 1)}.rels`, relationshipList(relationships)],
    ...Object.entries(parts),
  ])
  for (const [name, data] of Object.entries(replace)) {
    if (data === null) members.delete(name)
    else members.set(name, data)
  }
  return zip([...members].map(([name, data]): Member => ({ name, data })))
}

function contentTypes(types: Readonly<Record<string, string>>): string {
  const overrides = Object.entries(types).map(([name, type]) => `<Override PartName="/${name}" ContentType="${type}"/>`)
  return `${xml}<Types><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`
}

export function relationshipList(list: NonNullable<Package['relationships']>): string {
  const rows = list.map(([kind, target, external], index) => {
    const type = kind.includes('/') ? kind : `${office}/${kind}`
    return `<Relationship Id="r${index}" Type="${type}" Target="${target}"${external ? ' TargetMode="External"' : ''}/>`
  })
  return `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rows.join('')}</Relationships>`
}

/** Runs of a Word text: "{" begins a field, "|" its result, "}" ends it; all else is code, cut into runs at spaces. */
export function fieldRuns(text: string): string {
  const marks: Record<string, string> = { '{': 'begin', '|': 'separate', '}': 'end' }
  return [...text.matchAll(/[{|}]|[^{|} ]+ ?| /g)]
    .map(([piece]) => {
      const mark = marks[piece]
      return mark === undefined
        ? `<w:r><w:instrText xml:space="preserve">${piece.replaceAll('"', '&quot;')}</w:instrText></w:r>`
        : `<w:r><w:fldChar w:fldCharType="${mark}"/></w:r>`
    })
    .join('')
}

/** The structure of a VBA project, with text in the place of code. */
export const vbaStreams = (folder = ''): Streams => ({
  [`${folder}VBA/dir`]: 'the list of modules',
  [`${folder}VBA/_VBA_PROJECT`]: 'compiled',
  [`${folder}VBA/Module1`]: '\u0001Attribut\u0000e VB_Name = "Module1"',
  [`${folder}PROJECT`]: 'ID="{0}"',
})

/** A file packed by the Packager, as the stream "\u0001Ole10Native" has it. */
export function ole10Native(name: string, data: Buffer | string): Buffer {
  const content = Buffer.from(data)
  const path = Buffer.from(`C:\\Temp\\${name}\0`, 'latin1')
  const body = Buffer.concat([
    Buffer.from('0200', 'hex'),
    Buffer.from(`${name}\0`, 'latin1'),
    path,
    Buffer.from('00000300', 'hex'),
    length(path),
    path,
    length(content),
    content,
  ])
  return Buffer.concat([length(body), body])
}

export const packageObject = (name: string, data: Buffer | string): Buffer =>
  compoundFile({ '\u0001Ole10Native': ole10Native(name, data) }, { '': '0c00030000000000c000000000000046' })

function length(bytes: Buffer): Buffer {
  const number = Buffer.alloc(4)
  number.writeUInt32LE(bytes.length)
  return number
}

/** Streams of a Word 97 document: fields as in `fieldRuns`, with the marks that Word has for them. */
export function wordStreams(text: string, { flags = 0, template = '', folder = '' } = {}): Streams {
  const marked = text.replace(/[{|}]/g, (mark) => ({ '{': '\x13', '|': '\x14' })[mark] ?? '\x15')
  const half = Math.floor(marked.length / 2)
  const header = Buffer.alloc(0x200)
  header.writeUInt16LE(0xa5ec, 0)
  header.writeUInt16LE(0xc1, 2)
  header.writeUInt16LE(0x0200 | flags, 0x0a)
  const narrow = Buffer.from(marked.slice(0, half), 'latin1')
  const clx = pieceTable([
    [half, (header.length * 2) | 0x4000_0000],
    [marked.length - half, header.length + narrow.length],
  ])
  const strings = Buffer.concat([
    Buffer.from('ffff02000000', 'hex'),
    Buffer.from([0, 0, template.length, 0]),
    Buffer.from(template, 'utf16le'),
  ])
  header.writeUInt32LE(0, 0x1a2)
  header.writeUInt32LE(clx.length, 0x1a6)
  header.writeUInt32LE(clx.length, 0x19a)
  header.writeUInt32LE(strings.length, 0x19e)
  return {
    [`${folder}WordDocument`]: Buffer.concat([header, narrow, Buffer.from(marked.slice(half), 'utf16le')]),
    [`${folder}1Table`]: Buffer.concat([clx, strings]),
  }
}

function pieceTable(pieces: readonly (readonly [length: number, place: number])[]): Buffer {
  const plc = Buffer.alloc(4 + pieces.length * 12)
  let at = 0
  pieces.forEach(([count, place], index) => {
    at += count
    plc.writeUInt32LE(at, (index + 1) * 4)
    plc.writeUInt32LE(place, (pieces.length + 1) * 4 + index * 8 + 2)
  })
  return Buffer.concat([Buffer.from([2]), length(plc), plc])
}

/** Records of Excel 97 in the stream "Workbook". */
export function biff(...records: readonly (readonly [type: number, body: Buffer])[]): Buffer {
  const all = [[0x809, Buffer.from('00060500', 'hex')] as const, ...records, [0x0a, Buffer.alloc(0)] as const]
  return Buffer.concat(all.map(([type, body]) => Buffer.concat([short(type), short(body.length), body])))
}

export const sheet = (type: number): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, 2, type, 1, 0]), Buffer.from('S')])
export const supBook = (link: string): Buffer =>
  Buffer.concat([short(0), short(link.length), Buffer.from([1]), Buffer.from(link, 'utf16le')])

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

/** A record of PowerPoint 97; containers have others in them. */
export function pptRecord(type: number, body: Buffer, head = 0): Buffer {
  return Buffer.concat([short(head), short(type), length(body), body])
}

export function packedStorage(file: Buffer): Buffer {
  return pptRecord(0x1011, Buffer.concat([length(file), deflateSync(file)]), 0x10)
}

const manifest = (rows: string): string =>
  `${xml}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>${rows}</manifest:manifest>`

/** An OpenDocument text: what stands in its body, further members, and rows of its manifest. */
export function odf(body: string, members: Readonly<Record<string, string | Buffer>> = {}, rows = ''): Buffer {
  const content = `${xml}<office:document-content xmlns:office="urn:o" xmlns:text="urn:t" xmlns:script="urn:s" xmlns:xlink="urn:x" xmlns:draw="urn:d" xmlns:table="urn:b" xmlns:presentation="urn:p"><office:scripts/><office:body>${body}</office:body></office:document-content>`
  return zip([
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
    { name: 'META-INF/manifest.xml', data: manifest(rows) },
    ...Object.entries({ 'content.xml': content, ...members }).map(([name, data]): Member => ({ name, data })),
  ])
}

/** What LibreOffice writes for a document whose library of macros is empty. */
export const emptyBasic = {
  'Basic/script-lc.xml': `${xml}<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">\n<library:libraries xmlns:library="urn:l" xmlns:xlink="urn:x"><library:library library:name="Standard" library:link="false"/></library:libraries>`,
  'Basic/Standard/script-lb.xml': `${xml}<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">\n<library:library xmlns:library="urn:l" library:name="Standard" library:readonly="false" library:passwordprotected="false"/>`,
}

/** An RTF document around a body. */
export const rtf = (body: string): Buffer =>
  Buffer.from(`{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\*\\generator Zoo 1;}${body}\\par}`, 'latin1')

/** The data of an object in RTF: class and content in the format of OLE 1, as hexadecimal in lines. */
export function rtfData(program: string, content: Buffer): string {
  const name = Buffer.from(`${program}\0`, 'latin1')
  const none = Buffer.alloc(4)
  const whole = Buffer.concat([
    Buffer.from('0105000002000000', 'hex'),
    length(name),
    name,
    none,
    none,
    length(content),
    content,
  ])
  return whole.toString('hex').replace(/.{64}/g, '$&\r\n')
}
