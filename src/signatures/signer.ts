import { present, signMessage } from './sign.ts'
import type { SignedMessage, SigningKey } from './signing-key.ts'

const askedOfScanner = ['@method', '@authority', '@path', '@query', 'content-length', 'sluice-file-sha256']

/** Signs requests to a scanner: where they go and, as far as the fields are there, what file they carry. */
export function signer(key: SigningKey, tag: string): (message: SignedMessage) => readonly string[] {
  return (message) => signMessage(key, message, present(message, askedOfScanner), { created: new Date(), tag })
}
