import { randomBytes } from 'node:crypto'
import { present, signMessage } from '../../signatures/sign.ts'
import { fieldValue } from '../../signatures/signature-base.ts'
import type { SigningKey } from '../../signatures/signing-key.ts'

/** A request for a backend, complete but for its signature. */
export interface UnsignedRequest {
  readonly method: string
  readonly target: string
  /** Name and value by turns, Host and Content-Digest among them. */
  readonly headers: readonly string[]
}

/**
 * Where the upload goes, what it is, and what was decided about it. X-Request-Id and the like are left out, since what
 * stands between Sluice and a backend rewrites them.
 */
const proven = [
  '@method',
  '@authority',
  '@path',
  '@query',
  'content-digest',
  'content-type',
  'content-length',
  'sluice-verdict',
  'sluice-files',
  'sluice-removed',
]

/** The fields that prove to a backend that this request comes from Sluice. `scheme` is that of the backend's URL. */
export function prove(
  key: SigningKey,
  { method, target, headers }: UnsignedRequest,
  scheme: string,
): readonly string[] {
  // The client's Host, which is passed on and not the name in the backend's URL.
  const message = { method, target, headers, origin: `${scheme}//${fieldValue(headers, 'host') ?? ''}` }
  const nonce = randomBytes(16).toString('base64url')
  return signMessage(key, message, present(message, proven), { created: new Date(), tag: 'sluice', nonce })
}
