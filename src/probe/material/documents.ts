/** Small documents and programs with what makes them dangerous; nothing in them does harm. */
import { deflateSync } from 'node:zlib'
import { type Member, zipPieces } from '../../path/5-inspection/scanners/probe/zip.ts'
import { join } from './form.ts'

export interface PdfParts {
  /** Entries of the catalogue, such as an action that runs when the file is opened. */
  readonly catalogue?: string
  /** Entries of the page, such as what it shows. */
  readonly page?: string
  /** Objects from number 4 on. */
  readonly objects?: readonly (string | Buffer)[]
}

/** A PDF of one empty page. */
export function pdf({ catalogue = '', page = '', objects = [] }: PdfParts = {}): Buffer {
  const all = [
    `<< /Type /Catalog /Pages 2 0 R ${catalogue}>>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] ${page}>>`,
    ...objects,
  ]
  const pieces = [join('%PDF-1.4\n')]
  const places: string[] = []
  let length = 9
  for (const [index, object] of all.entries()) {
    places.push(`${String(length).padStart(10, '0')} 00000 n \n`)
    const written = join(`${index + 1} 0 obj\n`, object, '\nendobj\n')
    pieces.push(written)
    length += written.length
  }
  const size = all.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`
  return join(...pieces, `${table}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`)
}

/** A stream object of so many blanks. Once packed, it would be no more than a white page; no program packs twice. */
export function twicePackedStream(size: number): Buffer {
  const packed = deflateSync(deflateSync(Buffer.alloc(size, ' ')))
  return join(`<< /Length ${packed.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n`, packed, '\nendstream')
}

/** An archive of these members, each a name and its content. */
export function zip(...members: readonly (readonly [name: string, content: string | Buffer])[]): Buffer {
  return zipOf(members.map(([name, content]) => ({ name, content: join(content) })))
}

export function zipOf(members: readonly Member[]): Buffer {
  const { head, tail } = zipPieces(members)
  return join(head, tail)
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const packageTypes = 'http://schemas.openxmlformats.org/package/2006/content-types'
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
const officeDocument = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument'
const wordMain = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
const wordMacro = 'application/vnd.ms-word.document.macroEnabled.main+xml'
const wordNamespace = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'

export const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** Relationships of a document whose template lies on a server that cannot exist. */
export const remoteTemplate =
  `${xml}<Relationships xmlns="${relations}"><Relationship Id="r1" TargetMode="External" ` +
  'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" ' +
  'Target="http://sluice-probe.invalid/a.dotm"/></Relationships>'

export interface WordParts {
  /** The name and content of members that an ordinary document does not have. */
  readonly members?: readonly (readonly [name: string, content: string | Buffer])[]
  /** Replaces the whole main part. */
  readonly main?: string
  /** Declared to have macros. */
  readonly macros?: boolean
}

/** A Word document of one paragraph. */
export function word({ members = [], main, macros = false }: WordParts = {}): Buffer {
  const type = macros ? wordMacro : wordMain
  const text = `<w:document xmlns:w="${wordNamespace}"><w:body><w:p><w:r><w:t>probe</w:t></w:r></w:p></w:body></w:document>`
  const defaults =
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
  const override = `<Override PartName="/word/document.xml" ContentType="${type}"/>`
  const relation = `<Relationship Id="r1" Type="${officeDocument}" Target="word/document.xml"/>`
  return zip(
    ['[Content_Types].xml', `${xml}<Types xmlns="${packageTypes}">${defaults}${override}</Types>`],
    ['_rels/.rels', `${xml}<Relationships xmlns="${relations}">${relation}</Relationships>`],
    ['word/document.xml', `${xml}${main ?? text}`],
    ...members,
  )
}

/** The headers of a Windows program, and nothing that runs. */
export function windowsProgram(): Buffer {
  const bytes = Buffer.alloc(512)
  bytes.write('MZ', 0, 'latin1')
  bytes.writeUInt32LE(0x80, 0x3c)
  bytes.write('PE\0\0', 0x80, 'latin1')
  return bytes
}

/** The header of a Linux program, and nothing that runs. */
export function linuxProgram(): Buffer {
  const bytes = Buffer.alloc(128)
  bytes.write('\x7fELF\x02\x01\x01', 0, 'latin1')
  bytes.writeUInt16LE(2, 16)
  bytes.writeUInt16LE(0x3e, 18)
  bytes.writeUInt32LE(1, 20)
  return bytes
}

export const svg = (inside: string, before = ''): string =>
  `${before}<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">${inside}</svg>\n`

export const phpCode = '<?php echo "sluice-probe"; ?>'
