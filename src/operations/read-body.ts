import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { plain } from '../printable.ts'
import { type Violation, violation } from '../problems/violation.ts'
import { readJson } from './read-json.ts'

/** UTF-16 units of a key that nobody knows. */
const longestKey = 40

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
  const isThere = typeof given === 'object' && given !== null && Object.hasOwn(given, key)
  return { failed: isThere ? `${key} is something else` : `${key} is missing`, expected: `${key}: ${issue.message}` }
}
