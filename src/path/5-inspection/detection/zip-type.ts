import type { DetectedType } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { named } from './signatures.ts'
import { storedText, type ZipMember, zipMembers } from './zip.ts'

/** Values of the member `mimetype`, which OpenDocument and EPUB store first and uncompressed. */
const mimetypes = new Map([
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'odp'],
  ['application/epub+zip', 'epub'],
] as const)

/** What a ZIP file is used for, by the names of its members. */
export function zipType(content: Bytes): DetectedType {
  const members = zipMembers(content)
  if (members === null) return { type: null, description: 'damaged ZIP archive' }
  const names = new Set(members.map(({ name }) => name.toLowerCase().replaceAll('\\', '/')))
  const byMimetype = mimetypeOf(content, members)
  if (byMimetype !== null) return byMimetype
  if (names.has('androidmanifest.xml')) return named('apk')
  if (names.has('[content_types].xml')) return officeType(names)
  return named(names.has('meta-inf/manifest.mf') ? 'jar' : 'zip')
}

function mimetypeOf(content: Bytes, members: readonly ZipMember[]): DetectedType | null {
  const member = members.find(({ name }) => name === 'mimetype')
  const text = member === undefined ? null : storedText(content, member, 128)
  if (text === null || !/^application\/(?:vnd\.oasis\.opendocument\.|epub\+zip)/.test(text)) return null
  const mimetype = text.trim()
  for (const [value, type] of mimetypes) if (value === mimetype) return named(type)
  return { type: null, description: 'OpenDocument file of a kind that is not known here' }
}

function officeType(names: ReadonlySet<string>): DetectedType {
  const has = (prefix: string): boolean => [...names].some((name) => name.startsWith(prefix))
  const macros = [...names].some((name) => name.endsWith('vbaproject.bin'))
  if (names.has('xl/workbook.bin')) return { type: null, description: 'binary Excel workbook' }
  if (has('word/')) return named(macros ? 'docm' : 'docx')
  if (has('xl/')) return named(macros ? 'xlsm' : 'xlsx')
  if (has('ppt/')) return named(macros ? 'pptm' : 'pptx')
  return { type: null, description: 'Office package of a kind that is not known here' }
}
