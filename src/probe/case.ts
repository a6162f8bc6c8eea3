import type { Reading } from './verdict/reading.ts'

export const families = ['multipart', 'disguises', 'bombs', 'limits', 'framing'] as const
export type Family = (typeof families)[number]

export interface ControlFile {
  readonly filename: string
  readonly type: string
  readonly content: Buffer
}

export type Pair = readonly [name: string, value: string]

/** How the endpoint wants its uploads. */
export interface Endpoint {
  readonly url: URL
  readonly method: string
  /** Header fields that every request has besides those of the probe, such as a cookie. */
  readonly headers: readonly Pair[]
  /** Fields that every form has. */
  readonly fields: readonly Pair[]
  /** The name of the field that carries the file. */
  readonly field: string
  /** A file that the endpoint accepts. */
  readonly control: ControlFile
}

/** One request as it is written to the socket. */
export interface Message {
  readonly bytes: Buffer
  /** What it says to whoever keeps to RFC 9112 and RFC 7578; null where there is no one reading. */
  readonly intended: Reading | null
  /** A second request hides in the body: a second answer on the connection shows that it was taken for one. */
  readonly hides: boolean
}

export interface ProbeCase {
  /** Stable, and begins with the family: `multipart.filename-twice`. */
  readonly id: string
  readonly family: Family
  readonly title: string
  /** Clause of an RFC or number of a CWE. */
  readonly why: string
  /** What it means that an endpoint accepts it. */
  readonly through: string
  /** `refuses`: to accept it is a hole. `reads alike`: it may be accepted, and is then to be read as intended. */
  readonly sound: 'refuses' | 'reads alike'
  readonly build: (endpoint: Endpoint) => Message
}
