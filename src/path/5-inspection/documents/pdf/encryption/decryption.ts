import { createDecipheriv } from 'node:crypto'
import { type Dictionary, dictionaryOf, integerOf, nameOf, valueOf } from '../syntax/value.ts'
import { keyWithoutPassword, md5 } from './open-password.ts'
import { rc4 } from './rc4.ts'

type Method = 'rc4' | 'aes128' | 'aes256' | 'none'

/** Decrypts what stands in the object of this number. */
export type Decrypt = (data: Buffer, number: number, generation: number) => Buffer

/** How to read an encrypted file that asks for no password (ISO 32000-2 §7.6). */
export interface Decryption {
  readonly stream: Decrypt
  readonly text: Decrypt
  readonly embedded: Decrypt
}

/** Null where a password or something else than it is asked for, or where the method is not known. */
export function openDecryption(encrypt: Dictionary, id: Buffer): Decryption | null {
  if (nameOf(valueOf(encrypt, 'Filter')) !== 'Standard') return null
  const short = keyWithoutPassword(encrypt, id)
  const version = integerOf(valueOf(encrypt, 'V')) ?? 0
  if (short === null || version > 5 || version === 3) return null
  // Acrobat fills shorter keys up, although no clause says so.
  const key = version === 4 ? Buffer.concat([short, Buffer.alloc(Math.max(0, 16 - short.length))]) : short
  const named = (field: string, otherwise: string): Method | null =>
    version < 4 ? 'rc4' : methodOf(encrypt, nameOf(valueOf(encrypt, field)) ?? otherwise)
  const streams = nameOf(valueOf(encrypt, 'StmF')) ?? 'Identity'
  const methods = [named('StmF', 'Identity'), named('StrF', 'Identity'), named('EFF', streams)]
  const [stream, text, embedded] = methods.map((method) => (method === null ? null : decryptBy(method, key)))
  return stream && text && embedded ? { stream, text, embedded } : null
}

/** The method of a crypt filter (§7.6.6). */
function methodOf(encrypt: Dictionary, filter: string): Method | null {
  if (filter === 'Identity') return 'none'
  const filters = dictionaryOf(valueOf(encrypt, 'CF'))
  const chosen = filters === null ? null : dictionaryOf(valueOf(filters, filter))
  const method = chosen === null ? null : (nameOf(valueOf(chosen, 'CFM')) ?? 'None')
  if (method === 'V2') return 'rc4'
  if (method === 'AESV2') return 'aes128'
  if (method === 'AESV3') return 'aes256'
  return method === 'None' ? 'none' : null
}

function decryptBy(method: Method, key: Buffer): Decrypt {
  if (method === 'none') return (data) => data
  if (method === 'aes256') return (data) => decryptAes('aes-256-cbc', key, data)
  return (data, number, generation) => {
    const own = keyOfObject(key, number, generation, method === 'aes128')
    return method === 'rc4' ? rc4(own, data) : decryptAes('aes-128-cbc', own, data)
  }
}

/** Algorithm 1. */
function keyOfObject(key: Buffer, number: number, generation: number, aes: boolean): Buffer {
  const salt = Buffer.alloc(5)
  salt.writeUIntLE(number % 2 ** 24, 0, 3)
  salt.writeUIntLE(generation % 2 ** 16, 3, 2)
  return md5(key, salt, Buffer.from(aes ? 'sAlT' : '')).subarray(0, Math.min(key.length + 5, 16))
}

/** The first block is the initialisation vector (ISO 32000-2 §7.6.3.1). */
function decryptAes(cipher: 'aes-128-cbc' | 'aes-256-cbc', key: Buffer, data: Buffer): Buffer {
  const length = Math.floor((data.length - 16) / 16) * 16
  if (length <= 0) return Buffer.alloc(0)
  const decipher = createDecipheriv(cipher, key, data.subarray(0, 16)).setAutoPadding(false)
  return withoutPadding(decipher.update(data.subarray(16, 16 + length)))
}

/** Padding as RFC 8018 §6.1.1 has it; data with any other is cut off or made by others, and stays as it is. */
function withoutPadding(data: Buffer): Buffer {
  const count = data.at(-1) ?? 0
  const padding = data.subarray(data.length - count)
  const isPadding = count >= 1 && count <= 16 && padding.every((byte) => byte === count)
  return isPadding ? data.subarray(0, data.length - count) : data
}
