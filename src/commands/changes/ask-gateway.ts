import { z } from 'zod'
import { describeFault } from '../../printable.ts'
import type { OperationsAddress } from './find-operations.ts'

/** Milliseconds; a gateway may have to try out scanners and disks before it answers. */
const longest = 300_000

const problem = z.object({
  title: z.string(),
  problems: z.array(z.object({ failed: z.string(), expected: z.string() })),
  omitted: z.number().optional(),
})

/** The answer, or why there is none, in lines for people. */
export type Answer<Value> = { readonly value: Value } | { readonly failed: readonly string[] }

/** Asks the gateway to do something. Never rejects. */
export async function askGateway<Schema extends z.ZodType>(
  { url, token }: OperationsAddress,
  path: string,
  body: unknown,
  schema: Schema,
): Promise<Answer<z.output<Schema>>> {
  try {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token !== null && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(longest),
    })
    const answer: unknown = await response.json()
    const read = schema.safeParse(answer)
    if (response.ok && read.success) return { value: read.data }
    return { failed: wordsOf(answer) ?? [`${url} is no gateway that can do this: it answers ${response.status}`] }
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return { failed: [`no gateway answers at ${url}: ${describeFault(cause)}`] }
  }
}

function wordsOf(answer: unknown): readonly string[] | null {
  const read = problem.safeParse(answer).data
  if (read === undefined) return null
  const { title, problems, omitted } = read
  const lines = problems.map(({ failed, expected }) => `  ${failed}; expected ${expected}`)
  return [title, ...lines, ...(omitted === undefined ? [] : [`  and ${omitted} more`])]
}
