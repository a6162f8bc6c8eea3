/**
 * SHA-256 digests as their first 16 bytes: four words for each, most significant first.
 *
 * 16 are enough: who wants a file that is on a list of N entries, or one that a list of N entries names by mistake, has
 * to try 2^128 / N files, 2^102 for 50 million. Whole digests would take twice the memory for no one's benefit; 8 bytes
 * would leave 2^38, an afternoon's work for an attacker who wants his file taken for one on an allow list.
 */
export type Prefixes = Uint32Array

export const wordsEach = 4
export const bytesEach = 16

/** Digits of a digest in hexadecimal. */
export const digits = 64

const notHex = 16
const values = new Uint8Array(256).fill(notHex)
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16)
  values[digit.charCodeAt(0)] = value
  values[digit.toUpperCase().charCodeAt(0)] = value
}

/** Reads 64 hexadecimal digits into place `index`. False, and the place is spoilt, where there are others among them. */
export function readDigest(hex: Uint8Array, at: number, into: Prefixes, index: number): boolean {
  let seen = 0
  for (let word = 0; word < digits / 8; word += 1) {
    const start = at + word * 8
    let bits = 0
    for (let digit = start; digit < start + 8; digit += 1) {
      const value = values[hex[digit] ?? 0] ?? notHex
      seen |= value
      bits = (bits << 4) | (value & 15)
    }
    if (word < wordsEach) into[index * wordsEach + word] = bits
  }
  return seen < notHex
}

/** Negative where the entry at `a` of one comes before that at `b` of the other. */
export function compare(one: Prefixes, a: number, other: Prefixes, b: number): number {
  for (let word = 0; word < wordsEach; word += 1) {
    const difference = (one[a * wordsEach + word] ?? 0) - (other[b * wordsEach + word] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Whether the first entry of `wanted` is among the sorted ones. */
export function includes(sorted: Prefixes, wanted: Prefixes): boolean {
  let low = 0
  let high = sorted.length / wordsEach
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compare(sorted, middle, wanted, 0)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle
  }
  return false
}
