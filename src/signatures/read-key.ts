import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto'
import type { SigningKey } from './signing-key.ts'

/** As many characters as SHA-256 has bytes (RFC 2104, section 3). */
const shortestSecret = 32

/**
 * An Ed25519 private key in PEM (PKCS #8, not encrypted), or else a shared secret of at least 32 characters, of which the
 * UTF-8 bytes are the key. Null where the text is neither. `id` must be printable ASCII.
 */
export function readSigningKey(text: string, id: string): SigningKey | null {
  // Any other key in PEM is long enough for a secret, and a public one is known to everybody.
  if (text.includes('-----BEGIN')) return readPem(text, id)
  if (text.length < shortestSecret) return null
  return { algorithm: 'hmac-sha256', id, key: createSecretKey(Buffer.from(text, 'utf8')) }
}

function readPem(text: string, id: string): SigningKey | null {
  const key = text.includes('-----BEGIN PRIVATE KEY-----') ? privateKey(text) : null
  return key?.asymmetricKeyType === 'ed25519' ? { algorithm: 'ed25519', id, key } : null
}

function privateKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}
