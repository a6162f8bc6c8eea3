/**
 * Every file type that Sluice knows, once: what people call it, which extensions and media types name it, and which
 * content satisfies it. Types that no policy should accept are here as well, so that a refusal can name them.
 *
 * Media types come from the IANA registry, with what browsers, Windows and HTTP libraries really send beside them.
 */
import { archives } from './archives.ts'
import { documents } from './documents.ts'
import { images } from './images.ts'
import { media } from './media.ts'
import { programs } from './programs.ts'
import { texts } from './texts.ts'

export type Family =
  | 'image'
  | 'document'
  | 'spreadsheet'
  | 'presentation'
  | 'archive'
  | 'text'
  | 'markup'
  | 'audio'
  | 'video'
  | 'font'
  | 'data'
  | 'program'

/**
 * How content of the type is told: by a signature, by the members of a container (zip, OLE), by reading it as text, or
 * not at all (`name`: plain text that only its name distinguishes).
 */
export type Detection = 'signature' | 'container' | 'text' | 'name'

export interface FileType {
  /** For people, without article: "PNG image". */
  readonly title: string
  readonly family: Family
  readonly kind: Detection
  /** Lower case, without the dot; the first is the usual one. */
  readonly extensions: readonly string[]
  /** Declared media types that agree; the first is canonical. */
  readonly mediaTypes: readonly string[]
  /** Detected types (ids of this catalogue) whose content satisfies this one as well: plain text is CSV enough. */
  readonly content?: readonly string[]
}

export const fileTypes = Object.freeze({
  ...images,
  ...documents,
  ...texts,
  ...archives,
  ...media,
  ...programs,
}) satisfies Readonly<Record<string, FileType>>

export type FileTypeId = keyof typeof fileTypes

export function isFileTypeId(id: string): id is FileTypeId {
  return Object.hasOwn(fileTypes, id)
}

export const fileTypeIds: readonly FileTypeId[] = Object.freeze(Object.keys(fileTypes).filter(isFileTypeId))

export function fileType(id: FileTypeId): FileType {
  return fileTypes[id]
}
