import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { compoundRoot } from './compound-file.ts'
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
  const root = compoundRoot(content)
  if (root === null) return { type: null, description: 'damaged OLE compound file' }
  if (root.names.includes('EncryptedPackage')) return { type: null, description: 'encrypted Office document' }
  if (installerClass.test(root.classId)) return named('msi')
  const type = streams.find(([pattern]) => root.names.some((name) => pattern.test(name)))?.[1]
  return type === undefined ? { type: null, description: 'OLE compound file' } : named(type)
}
