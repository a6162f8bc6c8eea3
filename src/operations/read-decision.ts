import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { plain } from '../printable.ts'
import { type Violation, violation } from '../problems/violation.ts'
import { type Decision, decisionDefect } from '../quarantine/review/decision.ts'
import { readJson } from './read-json.ts'

const words = z.strictObject({ who: z.string(), why: z.string(), again: z.boolean().default(false) })

/** What somebody wants done with an entry, or what is wrong with the body that should say so. */
export async function readDecision(request: IncomingMessage, id: string): Promise<Decision | Violation> {
  const read = await readJson(request)
  if (!('value' in read)) return read
  const parsed = words.safeParse(read.value)
  const defect = parsed.success ? decisionDefect(parsed.data) : issueInWords(parsed.error.issues[0], read.value)
  if (defect !== null) return violation('operations.body', { failed: defect })
  if (!parsed.success) return violation('operations.body')
  return { id, ...parsed.data, via: 'operations' }
}

/** UTF-16 units of a key that nobody knows. */
const longestKey = 40

function issueInWords(issue: z.core.$ZodIssue | undefined, given: unknown): string | null {
  if (issue?.code === 'unrecognized_keys')
    return `${JSON.stringify(plain(issue.keys[0] ?? '', longestKey))} is no key of it`
  const [key] = issue?.path ?? []
  if (typeof key !== 'string') return 'it is no JSON object'
  const isThere = typeof given === 'object' && given !== null && Object.hasOwn(given, key)
  if (!isThere) return `${key} is missing`
  return `${key} is no ${key === 'again' ? 'boolean' : 'string'}`
}
