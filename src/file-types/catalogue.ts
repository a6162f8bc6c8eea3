/**
 * Every file type that Sluice knows, once: what people call it, which extensions and media types name it, and which
 * content satisfies it. Types that no policy should accept are here as well, so that a refusal can name them.
 *
 * Media types come from the IANA registry, with what browsers, Windows and HTTP libraries really send beside them.
 */
import { archives } from './archives.ts'
import { documents } from './documents.ts'
import type { FileType } from './file-type.ts'
import { images } from './images.ts'
import { media } from './media.ts'
import { programs } from './programs.ts'
import { texts } from './texts.ts'

export const fileTypes = Object.freeze({
  ...images,
  ...documents,
  ...texts,
  ...archives,
  ...media,
  ...programs,
}) satisfies Readonly<Record<string, FileType>>

export type FileTypeId = keyof typeof fileTypes

function isFileTypeId(id: string): id is FileTypeId {
  return Object.hasOwn(fileTypes, id)
}

export const fileTypeIds: readonly FileTypeId[] = Object.freeze(Object.keys(fileTypes).filter(isFileTypeId))

export function fileType(id: FileTypeId): FileType {
  return fileTypes[id]
}
