import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { plain } from '../printable.ts'
import { type Violation, violation } from '../problems/violation.ts'
import { readJson } from './read-json.ts'

/** UTF-16 units of a key that nobody knows. */
const longestKey = 40
/** UTF-16 units of a value that is not as it should be. */
const longestValue = 60

/** The value of a JSON body that is as the schema says, or what is wrong with it. `longest` in bytes. */
export async function readBody<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
  longest: number,
): Promise<{ readonly value: z.output<Schema> } | Violation> {
  const read = await readJson(request, longest)
  if (!('value' in read)) return read
  const parsed = schema.safeParse(read.value)
  if (parsed.success) return { value: parsed.data }
  const [issue] = parsed.error.issues
  return violation('operations.body', issue === undefined ? {} : wordsOf(issue, read.value))
}

function wordsOf(issue: z.core.$ZodIssue, given: unknown): Partial<Pick<Violation, 'failed' | 'expected'>> {
  if (issue.code === 'unrecognized_keys')
    return { failed: `${JSON.stringify(plain(issue.keys[0] ?? '', longestKey))} is no key of it` }
  const [key] = issue.path
  if (typeof key !== 'string') return { failed: 'it is no JSON object', expected: 'a JSON object' }
  const value = valueAt(given, issue.path)
  return {
    failed: value === undefined ? `${key} is missing` : `${key} is ${toldValue(value)}`,
    expected: `${key}: ${issue.message}`,
  }
}

/** What stands at a path in JSON; undefined where nothing does. */
function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    given,
  )
}

/** A value for people: lists and objects by their size and kind only. */
function toldValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return plain(JSON.stringify(value), longestValue)
}
