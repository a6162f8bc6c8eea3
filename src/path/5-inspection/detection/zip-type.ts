import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import type { ZipEntry } from '../archives/zip/entry.ts'
import type { Bytes } from '../bytes.ts'
import { officeType } from './office-type.ts'
import { named } from './signatures.ts'
import { memberText, zipMembers } from './zip-members.ts'

/** Values of the member `mimetype`, which OpenDocument and EPUB store first and uncompressed. */
const mimetypes = new Map<string, FileTypeId>([
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.text-template', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['application/vnd.oasis.opendocument.spreadsheet-template', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'odp'],
  ['application/vnd.oasis.opendocument.presentation-template', 'odp'],
  ['application/vnd.oasis.opendocument.graphics', 'odg'],
  ['application/vnd.oasis.opendocument.graphics-template', 'odg'],
  ['application/epub+zip', 'epub'],
])

/** Members that make an archive a program of one platform, in lower case. */
const programs: readonly (readonly [RegExp, FileTypeId])[] = [
  [/^androidmanifest\.xml$/, 'apk'],
  [/^appxmanifest\.xml$|^appxmetadata\/appxbundlemanifest\.xml$/, 'appx'],
  [/^payload\/[^/]+\.app\/info\.plist$/, 'ipa'],
]

/** What a ZIP file is used for, by the names of its members. Without a directory it is a ZIP file all the same. */
export function zipType(content: Bytes): DetectedType {
  const members = zipMembers(content)
  if (members === null) return { type: 'zip', description: 'damaged ZIP archive' }
  const names = new Set(members.map(({ rawName }) => rawName.toLowerCase().replaceAll('\\', '/')))
  const byMimetype = mimetypeOf(content, members)
  if (byMimetype !== null) return byMimetype
  const program = programs.find(([pattern]) => [...names].some((name) => pattern.test(name)))?.[1]
  if (program !== undefined) return named(program)
  const types = members.find(({ rawName }) => rawName.toLowerCase() === '[content_types].xml')
  if (types !== undefined) return officeType(content, types, names)
  return named(names.has('meta-inf/manifest.mf') ? 'jar' : 'zip')
}

function mimetypeOf(content: Bytes, members: readonly ZipEntry[]): DetectedType | null {
  const member = members.find(({ rawName }) => rawName === 'mimetype')
  const text = member === undefined ? null : memberText(content, member, 128)
  if (text === null || !/^application\/(?:vnd\.oasis\.opendocument\.|epub\+zip)/.test(text)) return null
  const type = mimetypes.get(text.trim())
  return type === undefined
    ? { type: null, description: 'OpenDocument file of a kind that is not known here' }
    : named(type)
}
