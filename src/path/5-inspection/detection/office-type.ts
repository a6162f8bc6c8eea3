import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import type { ZipEntry } from '../archives/zip/entry.ts'
import type { Bytes } from '../bytes.ts'
import { named } from './signatures.ts'
import { memberText } from './zip-members.ts'

/** Most bytes of [Content_Types].xml that are read; a presentation of a thousand slides has some 200 KiB. */
const longestTypes = 1024 * 1024

/**
 * Content types of main parts (ECMA-376 part 1, §15.2; [MS-OFFMACRO2]; [MS-VSDX]), in lower case; what may carry macros
 * comes first, since a package may name more than one.
 */
const mainParts: readonly (readonly [RegExp, FileTypeId])[] = [
  [/vnd\.ms-excel\.sheet\.binary\.macroenabled\.main/, 'xlsb'],
  [/vnd\.ms-word\.(?:document|template)\.macroenabled(?:template)?\.main\+xml/, 'docm'],
  [/vnd\.ms-excel\.(?:sheet|template|addin)\.macroenabled\.main\+xml/, 'xlsm'],
  [/vnd\.ms-powerpoint\.(?:presentation|template|slideshow|addin|slide)\.macroenabled\.main\+xml/, 'pptm'],
  [/vnd\.ms-visio\.(?:drawing|template|stencil)\.macroenabled\.main\+xml/, 'vsdm'],
  [/wordprocessingml\.(?:document|template)\.main\+xml/, 'docx'],
  [/spreadsheetml\.(?:sheet|template)\.main\+xml/, 'xlsx'],
  [/presentationml\.(?:presentation|template|slideshow)\.main\+xml/, 'pptx'],
  [/vnd\.ms-visio\.(?:drawing|template|stencil)\.main\+xml/, 'vsdx'],
]

/** The same without macros → with them: a project may be there whatever the main part is called. */
const withMacros = new Map<FileTypeId, FileTypeId>([
  ['docx', 'docm'],
  ['xlsx', 'xlsm'],
  ['pptx', 'pptm'],
  ['vsdx', 'vsdm'],
])

/** What an Office Open XML package is: by the type of its main part, else by the folders in it. */
export function officeType(content: Bytes, types: ZipEntry, names: ReadonlySet<string>): DetectedType {
  const text = memberText(content, types, longestTypes)?.toLowerCase() ?? ''
  const type = mainParts.find(([pattern]) => pattern.test(text))?.[1] ?? byFolder([...names])
  if (type === null) return { type, description: 'Office package of a kind that is not known here' }
  const macros = [...names].some((name) => name.endsWith('vbaproject.bin'))
  return named((macros ? withMacros.get(type) : null) ?? type)
}

function byFolder(names: readonly string[]): FileTypeId | null {
  const has = (prefix: string): boolean => names.some((name) => name.startsWith(prefix))
  if (has('xl/workbook.bin')) return 'xlsb'
  if (has('word/')) return 'docx'
  if (has('xl/')) return 'xlsx'
  if (has('ppt/')) return 'pptx'
  return has('visio/') ? 'vsdx' : null
}
