import { type FileTypeId, fileType } from '../../../file-types/catalogue.ts'
import { type Bytes, sliceOf } from '../bytes.ts'
import { detectType } from '../detection/detect-type.ts'

const families = new Set(['program', 'archive', 'document', 'spreadsheet', 'presentation'])

/** Types that make a difference where they stand behind something else: what programs add for themselves is none. */
function matters(type: FileTypeId): boolean {
  const { family, kind } = fileType(type)
  return type === 'html' || family === 'program' || (families.has(family) && kind !== 'text')
}

/** What begins at an offset, for people, where it is a program, an archive, a document or a page; null for all else. */
export async function foreignAt(bytes: Bytes, offset: number): Promise<string | null> {
  if (offset <= 0 || offset >= bytes.size) return null
  const { type, description } = await detectType(sliceOf(bytes, offset, bytes.size))
  return type !== null && matters(type) ? description : null
}
