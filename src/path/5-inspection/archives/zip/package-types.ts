import type { FileTypeId } from '../../../../file-types/catalogue.ts'

/**
 * Documents that are ZIP packages. All of their parts are unpacked by the inspectors of documents, which know what each
 * of them is: the inspector of archives does not count them a second time. Nor are they members to `archive.entries`, as
 * a presentation may well have a thousand.
 */
export const ooxmlTypes: ReadonlySet<FileTypeId> = new Set([
  'docx',
  'docm',
  'xlsx',
  'xlsm',
  'xlsb',
  'pptx',
  'pptm',
  'vsdx',
  'vsdm',
])
export const odfTypes: ReadonlySet<FileTypeId> = new Set(['odt', 'ods', 'odp', 'odg'])

export function isPackageType(type: FileTypeId): boolean {
  return ooxmlTypes.has(type) || odfTypes.has(type)
}
