import { once } from 'node:events'
import { createReadStream, openAsBlob } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import * as undici from 'undici'
import { type Answer, run } from './clients/protocol.ts'
import { RawClient } from './raw-client.ts'

/** A multipart body in a file, to be posted to `url`. */
export interface EarlyPost {
  readonly url: string
  readonly boundary: string
  readonly path: string
}

export interface EarlyClient {
  readonly name: string
  readonly needs: readonly string[]
  /** Debian packages that bring them. */
  readonly packages: string
  readonly send: (post: EarlyPost) => Promise<Answer>
}

const contentType = ({ boundary }: EarlyPost) => ({ 'content-type': `multipart/form-data; boundary=${boundary}` })

function curl(name: string, ...fields: readonly string[]): EarlyClient {
  const send = async ({ url, path }: EarlyPost): Promise<Answer> => {
    const headers = fields.flatMap((field) => ['--header', field])
    const options = ['--silent', '--show-error', '--noproxy', '*', '--max-time', '60', '--write-out', '\n%{http_code}']
    return lastLineFirst(await run(['curl', ...options, ...headers, '--form', `file=@${path};filename=a.bin`, url], ''))
  }
  return { name: `curl${name}`, needs: ['/usr/bin/curl'], packages: 'curl', send }
}

function lastLineFirst(output: string): Answer {
  const end = output.lastIndexOf('\n')
  return { status: Number(output.slice(end + 1)), body: output.slice(0, end) }
}

function python(mode: string, framing: 'whole' | 'in chunks'): EarlyClient {
  const script = join(import.meta.dirname, 'clients/early.py')
  const send = async ({ url, boundary, path }: EarlyPost): Promise<Answer> => {
    const output = await run(['/usr/bin/python3', script, mode, framing, url, boundary, path], '')
    const end = output.indexOf('\n')
    return { status: Number(output.slice(0, end)), body: output.slice(end + 1) }
  }
  const needs = ['/usr/bin/python3', '/usr/lib/python3/dist-packages/requests']
  return { name: `python ${mode} ${framing}`, needs, packages: 'python3-requests', send }
}

function fetching(name: string, init: (post: EarlyPost) => Promise<undici.RequestInit>): EarlyClient {
  const send = async (post: EarlyPost): Promise<Answer> => {
    const headers = contentType(post)
    const response = await undici.fetch(post.url, { method: 'POST', headers, ...(await init(post)) })
    return { status: response.status, body: await response.text() }
  }
  return { name, needs: [], packages: '', send }
}

function requesting(
  name: string,
  body: (post: EarlyPost) => Promise<Buffer> | undici.Dispatcher.DispatchOptions['body'],
): EarlyClient {
  const send = async (post: EarlyPost): Promise<Answer> => {
    const headers = contentType(post)
    const response = await undici.request(post.url, { method: 'POST', headers, body: (await body(post)) ?? null })
    return { status: response.statusCode, body: await response.body.text() }
  }
  return { name, needs: [], packages: '', send }
}

async function readAll({ path }: EarlyPost): Promise<Buffer> {
  return Buffer.from(await (await openAsBlob(path)).arrayBuffer())
}

export const earlyClients: readonly EarlyClient[] = [
  curl(''),
  curl(' without Expect', 'Expect:'),
  curl(' in chunks', 'Transfer-Encoding: chunked'),
  curl(' in chunks without Expect', 'Transfer-Encoding: chunked', 'Expect:'),
  fetching('undici fetch', async ({ path }) => ({ body: await openAsBlob(path) })),
  fetching('undici fetch in chunks', async ({ path }) => ({ body: (await openAsBlob(path)).stream(), duplex: 'half' })),
  requesting('undici request', readAll),
  requesting('undici request in chunks', ({ path }) => createReadStream(path)),
  python('requests', 'whole'),
  python('requests', 'in chunks'),
  python('http.client', 'whole'),
  python('http.client', 'in chunks'),
]

/** Writes all of the request and looks for an answer only then, as simple clients do. */
export async function writeThenRead(port: number, head: string, pieces: Iterable<Buffer>): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let broken: Error | null = null
  socket.on('error', (error) => (broken = error))
  await once(socket, 'connect')
  socket.write(head)
  for (const piece of pieces) {
    if (broken) break
    await new Promise((resolve) => socket.write(piece, resolve))
  }
  return new RawClient(socket)
}
