import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { type Dictionary, integerOf, textOf, type Value, valueOf } from '../syntax/value.ts'
import { rc4 } from './rc4.ts'

/** ISO 32000-2 §7.6.4.3.2, step a. */
const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')

/** The key of a file that opens without a password (§7.6.4.3), where it does; else null. `id` is the first of /ID. */
export function keyWithoutPassword(encrypt: Dictionary, id: Buffer): Buffer | null {
  const revision = integerOf(valueOf(encrypt, 'R')) ?? 0
  if (revision === 5 || revision === 6) return modernKey(encrypt, revision)
  if (revision < 2 || revision > 4) return null
  const declared = Math.floor((integerOf(valueOf(encrypt, 'Length')) ?? 40) / 8)
  const lengths = revision === 2 ? [5] : [16, declared, 5]
  for (const length of new Set(lengths.filter((bytes) => bytes >= 5 && bytes <= 16))) {
    const key = classicKey(encrypt, id, revision, length)
    if (isUserKey(key, encrypt, id, revision)) return key
  }
  return null
}

/** Algorithm 2. */
function classicKey(encrypt: Dictionary, id: Buffer, revision: number, length: number): Buffer {
  const permissions = Buffer.alloc(4)
  permissions.writeInt32LE((integerOf(valueOf(encrypt, 'P')) ?? 0) | 0)
  const hidden = revision >= 4 && isFalse(valueOf(encrypt, 'EncryptMetadata')) ? Buffer.alloc(4, 0xff) : Buffer.alloc(0)
  let hash = md5(padding, bytesOf(encrypt, 'O').subarray(0, 32), permissions, id, hidden)
  const rounds = revision === 2 ? 0 : 50
  for (let round = 0; round < rounds; round++) hash = md5(hash.subarray(0, length))
  return hash.subarray(0, length)
}

function isFalse(value: Value | undefined): boolean {
  return typeof value === 'object' && value.kind === 'word' && value.word === 'false'
}

/** Algorithms 4, 5 and 6. */
function isUserKey(key: Buffer, encrypt: Dictionary, id: Buffer, revision: number): boolean {
  const user = bytesOf(encrypt, 'U')
  if (user.length < 16) return false
  if (revision === 2) return rc4(key, padding).equals(user.subarray(0, 32))
  let proof = md5(padding, id)
  for (let round = 0; round < 20; round++) proof = rc4(Buffer.from(key.map((byte) => byte ^ round)), proof)
  return proof.equals(user.subarray(0, 16))
}

/** Algorithms 2.A and 11. */
function modernKey(encrypt: Dictionary, revision: number): Buffer | null {
  const user = bytesOf(encrypt, 'U')
  const wrapped = bytesOf(encrypt, 'UE').subarray(0, 32)
  if (user.length < 48 || wrapped.length < 32) return null
  const hash = revision === 5 ? sha('sha256') : hardenedHash
  if (!hash(user.subarray(32, 40)).equals(user.subarray(0, 32))) return null
  const decipher = createDecipheriv('aes-256-cbc', hash(user.subarray(40, 48)), Buffer.alloc(16)).setAutoPadding(false)
  return Buffer.concat([decipher.update(wrapped), decipher.final()])
}

/** Algorithm 2.B for an empty password; ends after some 70 rounds. */
function hardenedHash(salt: Buffer): Buffer {
  let key = sha('sha256')(salt)
  for (let round = 0, last = 0; round < 64 || last > round - 32; round++) {
    const repeated = Buffer.concat(Array.from({ length: 64 }, () => key))
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(false)
    const encrypted = cipher.update(repeated)
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3
    key = sha(remainder === 0 ? 'sha256' : remainder === 1 ? 'sha384' : 'sha512')(encrypted)
    last = encrypted.at(-1) ?? 0
  }
  return key.subarray(0, 32)
}

function sha(name: 'sha256' | 'sha384' | 'sha512'): (data: Buffer) => Buffer {
  return (data) => createHash(name).update(data).digest()
}

export function md5(...data: readonly Buffer[]): Buffer {
  const hash = createHash('md5')
  for (const bytes of data) hash.update(bytes)
  return hash.digest()
}

function bytesOf(encrypt: Dictionary, key: string): Buffer {
  return Buffer.from(textOf(valueOf(encrypt, key)) ?? '', 'latin1')
}
