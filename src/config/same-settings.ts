import { createHash, createPublicKey, KeyObject } from 'node:crypto'

/** The same text for the same settings, and another for others; keys are in it as their digests. */
export function settingsText(settings: unknown): string {
  return JSON.stringify(settings, (_key, value: unknown) => (value instanceof KeyObject ? digestOf(value) : value))
}

function digestOf(key: KeyObject): string {
  const told = key.type === 'secret' ? key.export() : publicOf(key).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(told).digest('hex')
}

function publicOf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key
}
