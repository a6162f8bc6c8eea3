import { memoryBytes } from '../../../bytes.ts'
import { Cursor } from '../syntax/cursor.ts'
import { Lexer } from '../syntax/lexer.ts'
import { parseObject } from '../syntax/parser.ts'
import { budgetOf } from '../syntax/scan.ts'
import { type Dictionary, has, integerOf, isNamed, type Parsed, valueOf, valuesOf } from '../syntax/value.ts'

/** Whether readers may take a stream for one of objects: some look at the keys, some at the type (ISO 32000-2 §7.5.7). */
export function isObjectStream(stream: Dictionary): boolean {
  return valuesOf(stream, 'Type').some((type) => isNamed(type, 'ObjStm')) || (has(stream, 'First') && has(stream, 'N'))
}

export type OnObject = (parsed: Parsed, number: number | null) => void

/** Pairs in the table of one object stream; producers write some hundred. */
const mostPairs = 100_000

/**
 * Reads all objects of an unpacked object stream: those that stand one after the other, and those that its table points
 * to otherwise, whatever /N says; readers take the ones or the others. False where it ended before it had them all.
 */
export function readObjects(data: Buffer, stream: Dictionary, onObject: OnObject): boolean {
  const lexer = new Lexer(new Cursor(memoryBytes(data)))
  const table = readTable(lexer, integerOf(valueOf(stream, 'First')))
  const most = budgetOf(data.length)
  const begun = new Set<number>()
  lexer.cursor.seek(table.first)
  for (let from = table.first; lexer.cursor.peek() >= 0; from = lexer.cursor.offset) {
    const parsed = parseObject(lexer, { one: true })
    const at = parsed.at ?? from
    const begin = [at, from, from + 1].find((offset) => table.numbers.has(offset))
    if (begin !== undefined) begun.add(begin)
    onObject(parsed, begin === undefined ? null : (table.numbers.get(begin) ?? null))
  }
  for (const [offset, number] of table.numbers) {
    if (begun.has(offset) || offset >= data.length) continue
    if (lexer.cursor.spent > most) return false
    lexer.cursor.seek(offset)
    onObject(parseObject(lexer, { one: true }), number)
  }
  return table.complete
}

interface Table {
  /** Where the first object may begin. */
  readonly first: number
  /** Numbers of objects by their offset in the data. */
  readonly numbers: ReadonlyMap<number, number>
  readonly complete: boolean
}

/** The pairs of number and offset at the beginning; `declared` is /First, without which the objects follow the pairs. */
function readTable(lexer: Lexer, declared: number | null): Table {
  const { cursor } = lexer
  const integers: number[] = []
  let end = 0
  cursor.seek(0)
  while (integers.length < 2 * mostPairs && end < (declared ?? Infinity) && lexer.next(false) === 'number') {
    integers.push(lexer.number)
    end = cursor.offset
  }
  const first = declared === null || declared < 0 ? end : declared
  const numbers = new Map<number, number>()
  for (let at = 0; at + 1 < integers.length; at += 2) {
    numbers.set(first + (integers[at + 1] as number), integers[at] as number)
  }
  return { first: Math.min(first, end), numbers, complete: integers.length < 2 * mostPairs }
}
