import { request } from 'undici'
import type { Accepted, MultipartCase } from '../../conformance/cases/build.ts'
import { fileReading, type Reading } from '../backends/reading.ts'

export interface Told {
  readonly status: number
  /** The parsed body where it is JSON, else its text. */
  readonly answer: unknown
}

export async function sendCase(url: string, { contentType, body }: MultipartCase): Promise<Told> {
  const headers = { 'content-type': contentType }
  const response = await request(`${url}/upload`, { method: 'POST', headers, body, headersTimeout: 20_000 })
  return { status: response.statusCode, answer: parsed(await response.body.text()) }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Ids of the problems in an answer; none where it is no problem document. */
export function problemIds(answer: unknown): readonly string[] {
  if (typeof answer !== 'object' || answer === null || !('problems' in answer) || !Array.isArray(answer.problems))
    return []
  return answer.problems.map((problem: { readonly id: string }) => problem.id)
}

export function readingOf({ fields, files }: Accepted): Reading {
  return {
    fields,
    files: files.map(({ field, filename, type, content }) =>
      fileReading(field, filename, type, Buffer.from(content as Uint8Array)),
    ),
  }
}

/** Runs `act` over all items, four at a time, and returns what is not null. */
export async function collect<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result | null>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.values()
  const work = async (): Promise<void> => {
    for (const item of queue) {
      const result = await act(item)
      if (result !== null) results.push(result)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  return results
}
