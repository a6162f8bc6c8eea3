import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** Fewer characters than these are no secret. */
const shortest = 32

/** A configured secret. `id` says which one it is, and nothing about it. */
export interface MasterKey {
  readonly id: Buffer
  readonly secret: KeyObject
}

export interface Keyring {
  /** What entries are written with. */
  readonly current: MasterKey
  find(id: Uint8Array): MasterKey | null
}

/** Throws where a secret has fewer than 32 characters. */
export function openKeyring(encrypt: string, previous: readonly string[] = []): Keyring {
  const current = masterKey(encrypt)
  const all = [current, ...previous.map(masterKey)]
  return { current, find: (id) => all.find((key) => key.id.equals(id)) ?? null }
}

function masterKey(text: string): MasterKey {
  if (text.length < shortest) throw new Error(`the quarantine's secret needs at least ${shortest} characters`)
  const secret = createSecretKey(Buffer.from(text, 'utf8'))
  return { secret, id: derive(secret, Buffer.alloc(0), 'sluice quarantine key id', 8) }
}

/** The key of one entry, which encrypts nothing else: its nonces may begin at zero. */
export function entryKey(key: MasterKey, salt: Buffer): Buffer {
  return derive(key.secret, salt, 'sluice quarantine entry', 32)
}

/** HKDF with SHA-256 (RFC 5869). */
function derive(secret: KeyObject, salt: Buffer, label: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, label, length))
}
