import { memoryBytes, sliceOf } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import type { StreamReader } from '../streams/stream-reader.ts'
import type { Survey } from '../survey.ts'
import { Cursor } from '../syntax/cursor.ts'
import { Lexer } from '../syntax/lexer.ts'
import { parseObject } from '../syntax/parser.ts'
import { dictionaryOf, type Packed } from '../syntax/value.ts'

/** Bytes that the dictionary of a stream may have; it has a few hundred. */
const longestDictionary = 16 * 1024

/** Versions of one attached file that are found by its number, the last ones; those that say their type are all found. */
const mostDefinitions = 4

const failures = {
  damaged: 'an attached file is damaged',
  unsupported: 'an attached file is packed in a way that is not supported',
} as const

/** Inspects the embedded files, those that are attached under a name and those that are not. */
export async function inspectAttachments(subject: Subject, survey: Survey, reader: StreamReader): Promise<void> {
  const { attachments } = survey
  if (attachments.overflowed) subject.uncovered('tooLarge', 'it has too many attached files')
  const { names } = attachments
  const streams = new Map(attachments.streams)
  for (const number of names.keys()) {
    for (const packed of definitionsOf(subject, survey, number)) {
      if (!streams.has(packed.after)) streams.set(packed.after, packed)
    }
  }
  let unnamed = 0
  for (const packed of streams.values()) {
    if (!reader.open) return subject.uncovered('damaged', 'its attached files share their data')
    const given = packed.number === null ? null : names.get(packed.number)
    const name = given ?? `embedded file ${++unnamed}`
    if (!(await inspectFile(subject, reader, packed, name))) return
  }
}

/** False where a bound is passed. */
async function inspectFile(subject: Subject, reader: StreamReader, packed: Packed, name: string): Promise<boolean> {
  const { data, failure } = reader.read(packed, 'embedded')
  if (failure === 'passed') return false
  if (failure !== null) subject.uncovered(failure, failures[failure])
  for (const content of data) {
    const inspect = (): Promise<boolean> => subject.member(name, memoryBytes(content))
    if (!(await subject.expansion.holding(content.length, inspect))) return false
  }
  return true
}

/** Every stream that has this number. */
function definitionsOf({ bytes }: Subject, { index }: Survey, number: number): Packed[] {
  return index.find(number, mostDefinitions).flatMap((offset) => {
    const cursor = new Cursor(sliceOf(bytes, offset, offset + longestDictionary))
    const { values, stream } = parseObject(new Lexer(cursor))
    const dictionary = dictionaryOf(values[0])
    return dictionary === null || stream === null ? [] : [{ dictionary, after: offset + stream, number, generation: 0 }]
  })
}
