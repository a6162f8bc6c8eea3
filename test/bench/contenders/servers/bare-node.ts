/**
 * The floor of this work in plain Node: receive a body, hash it, hold it in memory, send it on. It parses nothing,
 * judges nothing, records nothing, and bounds nothing.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool } from 'undici'

const [port, sinkPort] = process.argv.slice(2)
const pool = new Pool(`http://127.0.0.1:${sinkPort}`, { connections: 256 })
const hopByHop = new Set(['connection', 'keep-alive', 'host', 'transfer-encoding', 'content-length', 'expect'])

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error(error)
    response.destroy()
  })
})
server.listen(Number(port), '127.0.0.1', 1024)

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = endToEnd(request)
  const held = request.headers['content-length'] === undefined ? [] : await receive(request, headers)
  const length = held.reduce((sum, chunk) => sum + chunk.length, 0)
  if (length > 0) headers.push('content-length', String(length))
  const body = held.length > 1 ? each(held) : (held[0] ?? null)
  await pool.stream(
    { method: request.method as 'POST', path: request.url as string, headers, body: body as Buffer | null },
    ({ statusCode, headers: answered }) => response.writeHead(statusCode, answered),
  )
}

async function receive(request: IncomingMessage, headers: string[]): Promise<Buffer[]> {
  const hash = createHash('sha256')
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    chunks.push(chunk)
  })
  await new Promise((resolve, reject) => request.once('end', resolve).once('error', reject))
  headers.push('x-sha256', hash.digest('hex'))
  return chunks
}

async function* each(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}

function endToEnd({ rawHeaders }: IncomingMessage): string[] {
  const headers: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (!hopByHop.has(name.toLowerCase())) headers.push(name, rawHeaders[at + 1] as string)
  }
  return headers
}
