import { Client } from 'undici'
import type { ComposedRequest } from '../plan/compose-request.ts'

/** What came back, as far as it is compared. */
export interface Answer {
  readonly status: number
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The first mebibyte. */
  readonly text: string
}

/** Milliseconds for a whole exchange; scanners have 30 s for a file by default. */
const longest = 120_000
const mostText = 1024 * 1024

/** Sends the request on a connection of its own, since a refusal may close it. Rejects where no answer comes. */
export async function send(origin: string, { method, path, host, headers, body }: ComposedRequest): Promise<Answer> {
  const client = new Client(origin, { connect: { timeout: 10_000 }, pipelining: 1 })
  const signal = AbortSignal.timeout(longest)
  try {
    const response = await client.request({
      method,
      path,
      headers: { accept: 'application/problem+json, */*;q=0.1', ...headers, ...(host !== null && { host }) },
      body,
      signal,
      headersTimeout: longest,
      bodyTimeout: longest,
    })
    let text = ''
    response.body.setEncoding('utf8')
    for await (const piece of response.body as AsyncIterable<string>) if (text.length < mostText) text += piece
    return { status: response.statusCode, headers: response.headers, text }
  } finally {
    await client.destroy()
  }
}
