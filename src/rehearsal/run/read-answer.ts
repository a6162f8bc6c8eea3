import { z } from 'zod'
import type { Answer } from './send.ts'

/** What an answer says of the request by itself. */
export interface AnswerInWords {
  readonly status: number
  /** `accepted`: no refusal of Sluice; whether it was released or relayed, only the backend knows. */
  readonly outcome: 'accepted' | 'stripped' | 'refused'
  /** Ids, each once, in their order. */
  readonly problems: readonly string[]
  /** Null where the answer does not tell it: those of the backend do not. */
  readonly requestId: string | null
}

const problemDocument = z.object({
  type: z.string().startsWith('urn:sluice:problem:'),
  problems: z.array(z.object({ id: z.string() })),
})

export function readAnswer({ status, headers, text }: Answer): AnswerInWords {
  const told = headers['x-request-id']
  const requestId = typeof told === 'string' ? told : null
  const refusal = problemsIn(headers, text)
  if (refusal !== null) return { status, outcome: 'refused', problems: unique(refusal), requestId }
  const removed = headers['sluice-removed']
  if (typeof removed !== 'string') return { status, outcome: 'accepted', problems: [], requestId }
  return { status, outcome: 'stripped', problems: unique(removed.split(', ').map(idOf)), requestId }
}

function problemsIn(headers: Answer['headers'], text: string): string[] | null {
  if (headers['content-type'] !== 'application/problem+json') return null
  const document = problemDocument.safeParse(parsed(text))
  return document.success ? document.data.problems.map(({ id }) => id) : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** `file.type.mismatch;part=4` */
function idOf(entry: string): string {
  return entry.split(';', 1)[0] ?? entry
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)]
}
