export const regular = 0
export const space = 1
const delimiter = 2
/** Character classes, ISO 32000-2 §7.2.3. */
export const classes = new Uint8Array(256)
for (const byte of [0, 9, 10, 12, 13, 32]) classes[byte] = space
for (const char of '()<>[]{}/%') classes[char.charCodeAt(0)] = delimiter

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** A digit, a sign or a decimal point. */
export function isNumeric(byte: number): boolean {
  return isDigit(byte) || byte === 0x2b || byte === 0x2d || byte === 0x2e
}

export function isLetterOrDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}
