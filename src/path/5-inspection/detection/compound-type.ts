import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { readCompoundFile } from '../documents/compound-file.ts'
import { named } from './signatures.ts'

/** Streams at the root that belong to one program each. */
const streams: readonly (readonly [RegExp, FileTypeId])[] = [
  [/^WordDocument$/, 'doc'],
  [/^(?:Workbook|Book)$/i, 'xls'],
  [/^PowerPoint Document$/, 'ppt'],
  [/^__(?:properties_version1\.0|nameid_version1\.0|substg1\.0_)/, 'msg'],
]

/** Classes of installer packages, patches and transforms. */
const installerClass = /^8[46]100c0000000000c000000000000046$/

/** What a compound file (old Office, Outlook, installers) is, by its class and the streams at its root. */
export function compoundType(content: Bytes): DetectedType {
  const file = readCompoundFile(content)
  if (file === null) return { type: null, description: 'damaged OLE compound file' }
  if (installerClass.test(file.classId)) return named('msi')
  const names = file.entries.filter(({ name, path }) => name === path).map(({ name }) => name)
  if (names.includes('EncryptedPackage')) return { type: null, description: 'encrypted Office document' }
  const type = streams.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1]
  return type === undefined ? { type: null, description: 'OLE compound file' } : named(type)
}
