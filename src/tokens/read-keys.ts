import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { type Algorithm, algorithms, algorithmsOf } from './algorithms.ts'

/** A key of a set with what its members say of it. */
export interface TokenKey {
  readonly key: KeyObject
  /** The `kid` that tokens name it by; null where it has none. */
  readonly id: string | null
  readonly algorithms: readonly Algorithm[]
}

/** As many bytes as SHA-256 has (RFC 7518, section 3.2). */
const shortestSecret = 32
const mostKeys = 100

/**
 * The keys in a text: a JWKS of public keys (RFC 7517), a public key in PEM (SPKI), or else a shared secret of at least
 * 32 bytes. Null where it is none of these.
 */
export function readTokenKeys(text: string): readonly TokenKey[] | null {
  if (text.trimStart().startsWith('{')) return readSet(text)
  // Whatever else is in PEM is no secret: a public key is known to everybody.
  if (text.includes('-----BEGIN')) return only(publicKey(text))
  return Buffer.byteLength(text) < shortestSecret ? null : only(createSecretKey(Buffer.from(text, 'utf8')))
}

function only(key: KeyObject | null): readonly TokenKey[] | null {
  const usable = key === null ? [] : algorithmsOf(key)
  return key === null || usable.length === 0 ? null : [{ key, id: null, algorithms: usable }]
}

function publicKey(pem: string): KeyObject | null {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return null
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}

/** Null where one of the keys is no public key: what stands there by mistake must not pass for another key. */
function readSet(text: string): readonly TokenKey[] | null {
  const members = membersOf(text)
  if (members === null || members.length === 0 || members.length > mostKeys) return null
  const keys = members.filter(isForSignatures).map(readMember)
  const usable = keys.filter((key) => key !== null)
  return usable.length === 0 || usable.length < keys.length ? null : usable
}

function membersOf(text: string): readonly unknown[] | null {
  try {
    const set: unknown = JSON.parse(text)
    return typeof set === 'object' && set !== null && 'keys' in set && Array.isArray(set.keys) ? set.keys : null
  } catch {
    return null
  }
}

/** Identity providers publish keys for encryption in the same set. */
function isForSignatures(member: unknown): boolean {
  return !(typeof member === 'object' && member !== null && 'use' in member) || member.use === 'sig'
}

function readMember(member: unknown): TokenKey | null {
  if (typeof member !== 'object' || member === null || 'd' in member || 'k' in member) return null
  try {
    const key = createPublicKey({ key: member, format: 'jwk' })
    const id = 'kid' in member && typeof member.kid === 'string' ? member.kid : null
    const named = 'alg' in member ? algorithms.filter((algorithm) => algorithm === member.alg) : algorithms
    const usable = algorithmsOf(key).filter((algorithm) => named.includes(algorithm))
    return usable.length === 0 ? null : { key, id, algorithms: usable }
  } catch {
    return null
  }
}
