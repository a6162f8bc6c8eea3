import type { KeyObject } from 'node:crypto'

/** A key for HTTP Message Signatures (RFC 9421): Ed25519 (section 3.3.6), or HMAC with SHA-256 (3.3.3). */
export interface SigningKey {
  readonly algorithm: 'ed25519' | 'hmac-sha256'
  /** What verifiers find the key by; printable ASCII. */
  readonly id: string
  readonly key: KeyObject
}

/** The message as it is sent. */
export interface SignedMessage {
  readonly method: string
  /** Scheme and authority as the receiver is addressed: `https://host:port`. */
  readonly origin: string
  /** Request target in origin-form, with its query. */
  readonly target: string
  /** Name and value by turns. */
  readonly headers: readonly string[]
}
