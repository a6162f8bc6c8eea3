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
