import type { BitReader } from './bit-reader.ts'

const longestCode = 20

/** A canonical prefix code. */
export interface CodeTable {
  readonly shortest: number
  /** By length of a code: the first 24 bits of input that no code so short begins. */
  readonly past: Int32Array
  /** By length of a code: what to take from the code to get the place of its symbol. */
  readonly first: Int32Array
  /** In the order of their codes. */
  readonly symbols: Uint16Array
}

/** Lengths are written as differences, each step as two bits. */
export function readCodeTable(input: BitReader, symbolCount: number): CodeTable {
  const lengths = new Uint8Array(symbolCount)
  let length = input.bits(5)
  for (let symbol = 0; symbol < symbolCount; symbol += 1) {
    while (input.bits(1) === 1) length += input.bits(1) === 0 ? 1 : -1
    if (length < 1 || length > longestCode) throw new Error('a code is too long')
    lengths[symbol] = length
  }
  return tableOf(lengths)
}

function tableOf(lengths: Uint8Array): CodeTable {
  const past = new Int32Array(longestCode + 1)
  const first = new Int32Array(longestCode + 1)
  const symbols = new Uint16Array(lengths.length)
  let [code, placed] = [0, 0]
  for (let length = 1; length <= longestCode; length += 1) {
    first[length] = code - placed
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue
      symbols[placed] = symbol
      placed += 1
      code += 1
    }
    if (code > 1 << length) throw new Error('more codes than there can be')
    past[length] = code << (24 - length)
    code *= 2
  }
  return { shortest: Math.min(...lengths), past, first, symbols }
}

export function readSymbol(input: BitReader, { shortest, past, first, symbols }: CodeTable): number {
  const ahead = input.peek()
  let length = shortest
  while (ahead >= (past[length] ?? 0)) {
    if (length === longestCode) throw new Error('no such code')
    length += 1
  }
  input.skip(length)
  return symbols[(ahead >>> (24 - length)) - (first[length] ?? 0)] ?? 0
}
