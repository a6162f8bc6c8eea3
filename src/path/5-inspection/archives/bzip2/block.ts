import type { BitReader } from './bit-reader.ts'
import { type CodeTable, readCodeTable, readSymbol } from './code-table.ts'

/** Symbols that one code table serves before the next selector. */
const groupLength = 50

/**
 * Reads a block up to the sorted column of its transform: counts the bytes into `column` and returns how many. `column`
 * is as long as a block may be.
 */
export function readColumn(input: BitReader, column: Uint32Array): number {
  const bytes = readBytesUsed(input)
  const tableCount = input.bits(3)
  const selectors = readSelectors(input, tableCount)
  const tables = Array.from({ length: tableCount }, () => readCodeTable(input, bytes.length + 2))
  return readRuns(symbolReader(input, tables, selectors), bytes, column)
}

/** The bytes that occur, as two levels of bits. */
function readBytesUsed(input: BitReader): Uint8Array {
  const ranges = input.bits(16)
  const used: number[] = []
  for (let range = 0; range < 16; range += 1) {
    if ((ranges & (0x8000 >> range)) === 0) continue
    const members = input.bits(16)
    for (let low = 0; low < 16; low += 1) if ((members & (0x8000 >> low)) !== 0) used.push(range * 16 + low)
  }
  if (used.length === 0) throw new Error('a block without bytes')
  return Uint8Array.from(used)
}

function readSelectors(input: BitReader, tableCount: number): Uint8Array {
  const count = input.bits(15)
  if (tableCount < 2 || tableCount > 6 || count === 0) throw new Error('no code tables')
  const recent = [0, 1, 2, 3, 4, 5]
  const selectors = new Uint8Array(count)
  for (let at = 0; at < count; at += 1) {
    let depth = 0
    while (input.bits(1) === 1) depth += 1
    if (depth >= tableCount) throw new Error('no such code table')
    const [table = 0] = recent.splice(depth, 1)
    recent.unshift(table)
    selectors[at] = table
  }
  return selectors
}

function symbolReader(input: BitReader, tables: readonly CodeTable[], selectors: Uint8Array): () => number {
  let [group, left] = [0, 0]
  let table = tables[0]
  return () => {
    if (left === 0) {
      table = tables[selectors[group] ?? 255]
      group += 1
      left = groupLength
    }
    left -= 1
    if (table === undefined) throw new Error('more symbols than code tables')
    return readSymbol(input, table)
  }
}

/** Undoes the run lengths, written in binary with digits 1 and 2, and the moving to the front. */
function readRuns(next: () => number, recent: Uint8Array, column: Uint32Array): number {
  const end = recent.length + 1
  let [count, run, weight] = [0, 0, 1]
  for (let symbol = next(); ; symbol = next()) {
    if (symbol <= 1) {
      run += weight << symbol
      weight *= 2
      if (run > column.length) throw new Error('a block is too long')
      continue
    }
    if (count + run + (symbol === end ? 0 : 1) > column.length) throw new Error('a block is too long')
    column.fill(recent[0] ?? 0, count, count + run)
    count += run
    run = 0
    weight = 1
    if (symbol === end) return count
    const byte = recent[symbol - 1] ?? 0
    for (let at = symbol - 1; at > 0; at -= 1) recent[at] = recent[at - 1] ?? 0
    recent[0] = byte
    column[count] = byte
    count += 1
  }
}
