/**
 * The service behind the gateway of `npm start`, and a backend for tests: an old web application that accepts whatever
 * it is sent, and leaves everything else to what stands in front of it.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { adminPage, errorPage, filesPage, receivedPage, uploadPage, welcomePage } from './pages.ts'
import { receiveForm } from './receive.ts'
import { type Upload, type UploadList, uploadList } from './uploads.ts'

export interface DemoService {
  /** Without a slash at its end. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** Listens on 127.0.0.1, on a port that is free. */
export async function startDemo(): Promise<DemoService> {
  const uploads = uploadList()
  const server = createServer((request, response) => {
    answer(request, response, uploads).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the demo service has no TCP address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, uploads: UploadList): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  const method = request.method ?? 'GET'
  if (method === 'POST' && path === '/upload') return await receive(request, response, uploads)
  const write = pages.get(path)
  if (write === undefined) return html(response, 404, errorPage('Not found', 'There is no such page.'))
  if (method === 'GET' || method === 'HEAD') return write(request, response, uploads)
  response.setHeader('Allow', 'GET, HEAD')
  html(response, 405, errorPage('Not allowed', 'This page can only be looked at.'))
}

type WritePage = (request: IncomingMessage, response: ServerResponse, uploads: UploadList) => void

const pages: ReadonlyMap<string, WritePage> = new Map<string, WritePage>([
  ['/', (_request, response, uploads) => html(response, 200, welcomePage(uploads.counters()))],
  ['/upload', (_request, response) => html(response, 200, uploadPage())],
  ['/files', listFiles],
  ['/admin', (_request, response, uploads) => html(response, 200, adminPage(uploads.counters(), uploads.all()[0]))],
  ['/favicon.ico', (_request, response) => void response.writeHead(204).end()],
])

function listFiles(request: IncomingMessage, response: ServerResponse, uploads: UploadList): void {
  if (!wantsJson(request)) return html(response, 200, filesPage(uploads.all()))
  json(response, 200, { files: uploads.all().flatMap(filesOf) })
}

/** A file with what came along with it, as scripts and tests want to compare it. */
function filesOf({ number, received, files, fields }: Upload) {
  return files.map(({ name, size, sha256, type, field }) => ({
    upload: number,
    received,
    name,
    size,
    sha256,
    type,
    field,
    fields,
  }))
}

async function receive(request: IncomingMessage, response: ServerResponse, uploads: UploadList): Promise<void> {
  const form = await receiveForm(request).catch(() => null)
  if (form === null) {
    uploads.fail()
    request.resume()
    return html(response, 400, errorPage('Error', 'The upload could not be read.'))
  }
  const upload = uploads.add({ ...form, gateway: gatewayHeaders(request) })
  if (wantsJson(request)) json(response, 200, upload)
  else html(response, 200, receivedPage(upload))
}

const FROM_GATEWAYS = /^(?:sluice-.*|x-request-id|x-forwarded-.*|forwarded|via|traceparent|tracestate)$/i

function gatewayHeaders({ rawHeaders }: IncomingMessage): Upload['gateway'] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && FROM_GATEWAYS.test(name) ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  )
}

function wantsJson({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '').includes('application/json')
}

function html(response: ServerResponse, status: number, markup: string): void {
  send(response, status, 'text/html; charset=utf-8', markup)
}

function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(value, null, 2)}\n`)
}

function send(response: ServerResponse, status: number, type: string, content: string): void {
  const body = Buffer.from(content)
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length }).end(body)
}
