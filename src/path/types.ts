/** Every type that crosses a border between stages. Types only. */
import type { RuleId } from '../problems/catalogue.ts'
import type { Violation } from '../problems/violation.ts'

export type * from './facts.ts'

/** Who sent the request, after the walk through the trusted proxies (connection → all). */
export interface Client {
  /** Textual IP address without zone or port; the peer's own where no trusted proxy vouches for another. */
  readonly address: string
  /** What limits count by: the IPv4 address, or the /64 of an IPv6 address. */
  readonly key: string
  /** Whether the immediate peer is one of clients.trustedProxies. */
  readonly trusted: boolean
  /** Scheme and host as the client saw them; from a trusted proxy where it says so. */
  readonly scheme: 'http' | 'https'
  readonly host: string
  /** Values for X-Forwarded-For and Forwarded towards the backend: the believed chain and the peer. */
  readonly forwardedFor: readonly string[]
}

/** How the body is framed on the wire; `none` where the request has no body. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }

/** A request whose framing is unambiguous and whose sender is known (connection → route and all later stages). */
export interface InboundRequest {
  /** Made here, or accepted from a trusted proxy; letters, digits and -_. only, at most 64. */
  readonly id: string
  readonly method: string
  /** Request target in origin-form, as it was sent; an absolute-form target is reduced to it. */
  readonly target: string
  /** Authority from Host, lower case, as the client sent it. */
  readonly host: string
  /** Header fields as they came, name and value by turns; names keep their case. */
  readonly rawHeaders: readonly string[]
  /** Single-valued look-up by lower-case name (Node's own table). */
  readonly headers: NodeJS.ReadOnlyDict<string | string[]>
  readonly body: BodyFraming
  readonly client: Client
  /** W3C trace context to send on, always valid: continued or begun here. */
  readonly traceparent: string
  readonly tracestate: string | null
}

/** Random access to a held file (hold → inspection). Reads past the end return what there is. */
export interface FileContent {
  readonly size: number
  /** The buffer is the caller's alone. */
  read(start: number, end: number): Promise<Buffer>
}

/** Bytes of one held file, to be read again from the start as often as needed. */
export interface HeldContent extends FileContent {
  /** The bytes in memory without a copy; null where they are in the spool. */
  views(): Iterable<Buffer> | null
  chunks(): AsyncIterable<Buffer>
  /** A part of it, from one offset to before another. */
  slice(start: number, end: number): HeldContent
}

/** Where the content of files goes while the body arrives (hold → multipart). */
export interface ContentStore {
  /** Bytes appended so far; where the next ones begin. */
  readonly length: number
  /** The chunk is the store's from now on: nobody else may keep a view of it. */
  append(chunk: Buffer): void
  /** Counts bytes that stay in memory and are no content of a file. */
  keep(bytes: number): Violation | null
  /**
   * Null when more may be appended at once; else a promise for when it may. Never rejects. `read` are the bytes of the
   * body that were worked on since it was last asked.
   */
  settled(read: number): Promise<void> | null
  readonly failure: Violation | null
  /** Waits until all that was appended is where it stays. */
  flush(): Promise<Violation | null>
  content(start: number, end: number): HeldContent
}

export interface HeldField {
  readonly kind: 'field'
  readonly header: PartHeader
  readonly value: Buffer
  /** Bytes that came; more than `value` has where reading stopped. */
  readonly size: number
  readonly utf8: boolean
}

export interface HeldFile {
  readonly kind: 'file'
  readonly header: PartHeader
  /** What was kept: all of the file, unless `sha256` is null. */
  readonly content: HeldContent
  /** Bytes that came; more than was kept where the file passed a ceiling. */
  readonly size: number
  /** Null where the file was not kept to its end. */
  readonly sha256: string | null
}

export type HeldPart = HeldField | HeldFile

/** Watches the pace of a body that is being read (connection → multipart); `stop` must be called on every path. */
export interface PaceWatch {
  progress(bytes: number): void
  /** While reading is paused on our side, the client is not to blame for silence. */
  pause(): void
  resume(): void
  stop(): void
}

/** Begins to watch; `onExpired` is called at most once. */
export type StartPaceWatch = (onExpired: (expired: Violation) => void) => PaceWatch

/** What is known of a part before its content: the parsed values, never the raw header (multipart → inspection). */
export interface PartHeader {
  /** Ordinal from 1. */
  readonly part: number
  /** Offset in the body of the first byte of the part header. */
  readonly offset: number
  readonly name: string
  /** Null for a field; the empty string for a file input in which nothing was chosen. */
  readonly filename: string | null
  /** Declared media type in lower case without parameters; null when there is none. */
  readonly contentType: string | null
  /** A field whose declared charset agrees with UTF-8 in ASCII only, so that its value must be ASCII. */
  readonly asciiOnly: boolean
  /** Content-Length of the part, which must turn out to be true. */
  readonly declaredLength: number | null
}

export type Mode = 'enforce' | 'report' | 'off'

/** A rule that did not hold, with the mode that the policy gives it. */
export interface Finding {
  readonly rule: RuleId
  readonly mode: 'enforce' | 'report'
  readonly violation: Violation
}

export interface FileVerdict {
  readonly part: number
  /** `unscanned`: not all of it was looked into, and the policy lets it travel all the same. */
  readonly verdict: 'clean' | 'refused' | 'unscanned'
  /** The name to release it under: as sent, or rewritten where the policy rewrites. */
  readonly releaseName: string
}

/** The decision on a request (verdict → hold, release, record). */
export interface Verdict {
  /** `unscanned` where what travels holds such a file. */
  readonly verdict: 'clean' | 'refused' | 'unscanned'
  /** With onRefused: strip, `stripped` when refused files are taken out and the rest is clean. */
  readonly action: 'release' | 'refuse' | 'strip'
  readonly findings: readonly Finding[]
  readonly files: readonly FileVerdict[]
}

/** How a file that may travel is changed before it does (verdict → inspection's threads). */
export type Rewriting =
  | { readonly how: 'strip' }
  | { readonly how: 'reencode'; readonly pixels: number; readonly frames: number }
  | { readonly how: 'sanitise' }

/** A range of the original, or fresh bytes. */
export type RecipePiece = { readonly start: number; readonly end: number } | { readonly literal: Uint8Array }

/** The new content, in order, without a copy of what stays. */
export type Recipe = readonly RecipePiece[]

/** `unchanged` where there was nothing to change; `impossible` where it cannot be changed, so that it must not travel. */
export type Rewritten =
  | { readonly kind: 'unchanged' | 'impossible' }
  | { readonly kind: 'recipe'; readonly recipe: Recipe }

/** A file that travels with other bytes than came (release → record). */
export interface RewrittenFile {
  readonly part: number
  readonly how: Rewriting['how']
  /** Of what travels. */
  readonly size: number
  readonly sha256: string
}
