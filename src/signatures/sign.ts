import { createHmac, sign } from 'node:crypto'
import { fieldValue, quoted, signatureBase } from './signature-base.ts'
import type { SignedMessage, SigningKey } from './signing-key.ts'

export interface SigningOptions {
  readonly created: Date
  /** What the signature is for: one made for a scanner is no proof for a backend. */
  readonly tag: string
  /** Printable ASCII, never used twice. */
  readonly nonce?: string
}

/** Seconds for which a signature holds. Whoever sends a message again later signs it again. */
const lifetime = 300

/**
 * Signature-Input and Signature (RFC 9421, section 4), name and value by turns, under the label `sluice`. `covered` are
 * fields in lower case, @method, @authority, @path and @query. Throws where one of them is not in the message.
 */
export function signMessage(
  key: SigningKey,
  message: SignedMessage,
  covered: readonly string[],
  options: SigningOptions,
): readonly string[] {
  const parameters = `(${covered.map(quoted).join(' ')})${parametersOf(key, options)}`
  const signature = signBase(key, signatureBase(message, covered, parameters))
  return ['Signature-Input', `sluice=${parameters}`, 'Signature', `sluice=:${signature.toString('base64')}:`]
}

function parametersOf({ id, algorithm }: SigningKey, { created, tag, nonce }: SigningOptions): string {
  const seconds = Math.floor(created.getTime() / 1000)
  const once = nonce === undefined ? '' : `;nonce=${quoted(nonce)}`
  const named = `;keyid=${quoted(id)};alg=${quoted(algorithm)};tag=${quoted(tag)}`
  return `;created=${seconds};expires=${seconds + lifetime}${once}${named}`
}

/** Sections 3.3.3 and 3.3.6. */
export function signBase({ algorithm, key }: SigningKey, base: Buffer): Buffer {
  return algorithm === 'ed25519' ? sign(null, base, key) : createHmac('sha256', key).update(base).digest()
}

/** Those of the components that the message has. */
export function present({ headers }: SignedMessage, components: readonly string[]): string[] {
  return components.filter((name) => name.startsWith('@') || fieldValue(headers, name) !== null)
}
