import type { KeyObject } from 'node:crypto'

/** What tokens can be signed with (RFC 7518, RFC 8037, RFC 9864); `none` is not among them. */
export const algorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const
export type Algorithm = (typeof algorithms)[number]

const curves: Readonly<Record<string, Algorithm>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

/** Bits; with a shorter modulus, the library verifies nothing (RFC 7518, section 3.3). */
const shortestModulus = 2048

/** What a key can verify, and so never both HMAC and signatures: a public key is no secret. Empty for other kinds of keys. */
export function algorithmsOf(key: KeyObject): readonly Algorithm[] {
  if (key.type === 'secret') return startingWith('HS')
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key
  if (kind === 'ed25519') return startingWith('Ed')
  if (kind === 'ec') return [curves[details?.namedCurve ?? '']].filter((found) => found !== undefined)
  if (kind !== 'rsa' || (details?.modulusLength ?? 0) < shortestModulus) return []
  return [...startingWith('RS'), ...startingWith('PS')]
}

function startingWith(family: string): readonly Algorithm[] {
  return algorithms.filter((algorithm) => algorithm.startsWith(family))
}
