/** What is known of an upload without an opinion (inspection → verdict, record). Types only. */
import type { FileTypeId } from '../file-types/catalogue.ts'
import type { ContentRuleId } from '../problems/catalogue.ts'

export interface FieldFacts {
  readonly part: number
  readonly name: string
  /** Bytes of the value, as far as it was read. */
  readonly size: number
  /** Declared media type that travels on (JSON and XML parts); null for plain text. */
  readonly contentType: string | null
  readonly utf8: boolean
}

/** What the content itself says (inspection → verdict). */
export interface DetectedType {
  /** The catalogue's type, or null where the content is of none of them. */
  readonly type: FileTypeId | null
  /** Words for people: "PNG image", "Windows executable", "text". */
  readonly description: string
}

/** Something that an inspector saw, by the rule that is about it. A fact: whether it matters is the policy's to say. */
export interface Observation {
  readonly rule: ContentRuleId
  readonly count: number
  /** What was seen first, as a clause for people: "two members have the name \"a.txt\""; at most 300 characters. */
  readonly detail: string
}

/** Why something in a file was not looked into. */
export type UnscannedReason = 'timeout' | 'memory' | 'tooLarge' | 'encrypted' | 'unsupported' | 'damaged'

/** A file is covered where the list is empty: every inspector for its type saw all of it. */
export interface Uncovered {
  readonly reason: UnscannedReason
  /** As in `Observation`. */
  readonly detail: string
}

export interface ImageFacts {
  readonly width: number
  readonly height: number
  /** 1 for a still image; as far as they were counted. */
  readonly frames: number
  /** Bytes of EXIF, XMP, IPTC, comments and the like. */
  readonly metadata: number
  /** Whether it says where it was taken. */
  readonly location: boolean
}

/** What unpacking came to, at all depths together; numbers past a limit stop at the first value past it. */
export interface ArchiveFacts {
  readonly entries: number
  /** 1 for an archive whose members are no archives. */
  readonly depth: number
  readonly expanded: number
  /** Unpacked bytes for each packed byte, the largest of any member above 16 MiB and of the whole. */
  readonly ratio: number
}

export interface DocumentFacts {
  /** Null where the format does not say or was not read so far. */
  readonly pages: number | null
  /** Version of the format as it says of itself: "1.7", "OOXML", "97". */
  readonly version: string | null
  /** Program that says it made the file; at most 80 characters, controls replaced. */
  readonly producer: string | null
}

export interface TextFacts {
  /** What the bytes are valid in, best first: "utf-8", "utf-16le", "windows-1252"; null where it is no text. */
  readonly encoding: string | null
  /** CSV and TSV: cells that a spreadsheet reads as a formula. */
  readonly formulas: number
}

/** Numbers and words that inspectors add; absent where no inspector for the type knows them. */
export interface Measures {
  readonly image: ImageFacts
  readonly document: DocumentFacts
  readonly text: TextFacts
}

/** What is inside a file or a member (inspection → verdict). */
export interface ContentFacts extends Partial<Measures> {
  readonly observations: readonly Observation[]
  readonly uncovered: readonly Uncovered[]
}

/** A member of an archive or document, at any depth. */
export interface MemberFacts {
  /** Names of the members that lead here, joined by " > "; controls replaced, at most 300 characters. */
  readonly path: string
  /** Its own name, as the archive has it, on the same terms. */
  readonly name: string
  /** Whether it is inside a document, not an archive. */
  readonly embedded: boolean
  readonly size: number
  readonly detected: DetectedType
  readonly content: ContentFacts
}

/** All that inspection finds in one file. */
export interface Inspected {
  readonly detected: DetectedType
  readonly content: ContentFacts
  /** Null where nothing in it was unpacked. */
  readonly archive: ArchiveFacts | null
  /** In the order in which they were met; as many as `archive.entries` unless a bound ended it. */
  readonly members: readonly MemberFacts[]
}

/** Why a scanner's word does not cover a file. */
export type ScanGap = 'unavailable' | 'timeout' | 'tooLarge' | 'encrypted' | 'partial' | 'stale'

/** What a scanner said of a file, believed only as far as it looked. */
export type ScanResult =
  /** It took every byte and found nothing. */
  | { readonly result: 'clean' }
  /** On a list of files known to be good: what other scanners hold against it does not count. */
  | { readonly result: 'allowed' }
  /** The scanner's own name for what it found; printable, at most 200 characters. */
  | { readonly result: 'infected'; readonly signature: string }
  /** `detail` as in `Observation`. */
  | { readonly result: 'unscanned'; readonly reason: ScanGap; readonly detail: string }

/** One scanner on one file (inspection → verdict). */
export type Scan = ScanResult & {
  /** Name in the configuration. */
  readonly scanner: string
  /** Version of engine and signatures, printable, at most 200 characters; null where the scanner does not tell. */
  readonly version: string | null
  /** Levels of archives that it was last proven to look into; null where its word is of the file as one thing. */
  readonly depth: number | null
  /** Whether the answer is one that was given before, for the same bytes and the same version. */
  readonly cached: boolean
  /** Milliseconds from asking to the answer, waiting included. */
  readonly duration: number
}

export interface FileFacts {
  readonly part: number
  readonly field: string
  /** The name as it was sent; empty for an input in which nothing was chosen. */
  readonly name: string
  readonly size: number
  /** Lower-case hexadecimal; null where the file was not read to its end. */
  readonly sha256: string | null
  /** Declared media type, lower case, no parameters; null when undeclared (absent or application/octet-stream). */
  readonly declaredType: string | null
  /** Null where the file was not read to its end, or is empty. */
  readonly inspected: Inspected | null
  /** One for each scanner that was asked; none where `inspected` is null. */
  readonly scans: readonly Scan[]
}

/** All that a policy may know of a request. Enough to decide again; nothing of the content. */
export interface UploadFacts {
  readonly channel: 'multipart' | 'raw'
  /** Bytes of the body: as announced, or as received where more. */
  readonly size: number
  readonly parts: number
  readonly fields: readonly FieldFacts[]
  readonly files: readonly FileFacts[]
  /** False where reading stopped early because a limit was passed. */
  readonly complete: boolean
}
