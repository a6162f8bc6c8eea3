import { request } from 'undici'
import { type Accepted, bytes, type MultipartCase } from '../../conformance/cases/build.ts'
import { fileReading, type Reading } from '../backends/reading.ts'
import type { Answer } from './protocol.ts'

const deadline = 20_000

export async function sendCase(url: string, { contentType, body }: MultipartCase): Promise<Answer> {
  const headers = { 'content-type': contentType }
  const response = await request(`${url}/upload`, { method: 'POST', headers, body, headersTimeout: deadline })
  return { status: response.statusCode, body: await response.body.text() }
}

/** Ids of the problems in a JSON or HTML answer; none where it is neither. */
export function problemIds({ body }: Answer): readonly string[] {
  if (body.startsWith('<!')) return [...body.matchAll(/\b(?:multipart|field|file)(?:\.[a-z-]+)+/g)].map(([id]) => id)
  try {
    const document: { readonly problems?: readonly { readonly id: string }[] } = JSON.parse(body)
    return (document.problems ?? []).map((problem) => problem.id)
  } catch {
    return []
  }
}

export function readingOf({ fields, files }: Accepted): Reading {
  return {
    fields,
    files: files.map(({ field, filename, type, content }) => fileReading(field, filename, type, bytes(content))),
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
