import { type FileTypeId, fileType, fileTypeIds } from '../../file-types/catalogue.ts'
import type { FileType } from '../../file-types/file-type.ts'

/** Whether a declared media type may stand over a file of this type; `image/*` may, as some libraries send it. */
export function agreesWithDeclared(id: FileTypeId, declared: string): boolean {
  const { mediaTypes }: FileType = fileType(id)
  if (mediaTypes.includes(declared) || declared === '*/*') return true
  return declared.endsWith('/*') && mediaTypes.some((mediaType) => mediaType.startsWith(declared.slice(0, -1)))
}

/** The types that a declared media type may mean. */
export function typesByMediaType(declared: string): readonly FileTypeId[] {
  return fileTypeIds.filter((id) => agreesWithDeclared(id, declared))
}

/** Whether content that was detected as one type is good enough for another: plain text is CSV, SVG is XML. */
export function satisfies(detected: FileTypeId, claimed: FileTypeId): boolean {
  const { content }: FileType = fileType(claimed)
  return detected === claimed || (content?.includes(detected) ?? false)
}
