import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import busboy from 'busboy'
import { Response } from 'undici'
import { listen } from './listen.ts'
import type { Running } from './process.ts'
import { type Field, type FileReading, fileReading, type Reading } from './reading.ts'

const require = createRequire(import.meta.url)

type Parse = (request: IncomingMessage) => Promise<Reading>

async function readByBusboy(request: IncomingMessage): Promise<Reading> {
  const parser = busboy({ headers: request.headers, defParamCharset: 'utf8' })
  const fields: Field[] = []
  const files: Promise<FileReading>[] = []
  parser.on('field', (name, value) => fields.push([name, value]))
  parser.on('file', (name, stream, { filename, mimeType }) => {
    const read = buffer(stream).then((content) => fileReading(name, filename ?? '', mimeType, content))
    // The files of a form that cannot be read fail with it, when nobody waits for them any more.
    read.catch(() => {})
    files.push(read)
  })
  request.pipe(parser)
  await once(parser, 'close')
  return { fields, files: await Promise.all(files) }
}

interface MulterRequest extends IncomingMessage {
  readonly body?: object
  readonly files?: readonly { fieldname: string; originalname: string; mimetype: string; buffer: Buffer }[]
}
type Middleware = (request: MulterRequest, response: null, next: (error?: Error) => void) => void
type Multer = (options: object) => { any(): Middleware }

async function readByMulter(request: MulterRequest): Promise<Reading> {
  const multer: Multer = require('multer')
  const middleware = multer({ defParamCharset: 'utf8' }).any()
  await new Promise<void>((resolve, reject) => {
    middleware(request, null, (error) => (error === undefined ? resolve() : reject(error)))
  })
  const files = request.files ?? []
  return {
    fields: flatten('', request.body ?? {}),
    files: files.map((file) => fileReading(file.fieldname, file.originalname, file.mimetype, file.buffer)),
  }
}

/** Nested objects as name[key], arrays as name[]: the names that the form had. */
function flatten(name: string, value: unknown): Field[] {
  if (Array.isArray(value)) return value.flatMap((inner) => flatten(`${name}[]`, inner))
  if (typeof value !== 'object' || value === null) return [[name, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => flatten(name === '' ? key : `${name}[${key}]`, inner))
}

interface FormidableFile {
  readonly originalFilename: string | null
  readonly mimetype: string | null
  readonly size: number
  readonly hash: string
}
interface FormidableForm {
  on(event: 'field', listener: (name: string, value: string) => void): void
  on(event: 'file', listener: (name: string, file: FormidableFile) => void): void
  parse(request: IncomingMessage): Promise<unknown>
}
type Formidable = { readonly formidable: (options: object) => FormidableForm }

async function readByFormidable(request: IncomingMessage): Promise<Reading> {
  const { formidable }: Formidable = require('formidable')
  const form = formidable({
    allowEmptyFiles: true,
    minFileSize: 0,
    maxFields: 10_000,
    hashAlgorithm: 'sha256',
    fileWriteStreamHandler: () => new Writable({ write: (_chunk, _encoding, done) => done() }),
  })
  const fields: Field[] = []
  const files: FileReading[] = []
  form.on('field', (name, value) => fields.push([name, value]))
  form.on('file', (field, { originalFilename, mimetype, size, hash }) => {
    files.push({ field, filename: originalFilename ?? '', type: mimetype ?? '', size, sha256: hash })
  })
  await form.parse(request)
  return { fields, files }
}

async function readByUndici(request: IncomingMessage): Promise<Reading> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(await buffer(request), { headers }).formData()
  const fields: Field[] = []
  const files: FileReading[] = []
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.push([name, value])
    else files.push(fileReading(name, value.name, value.type, new Uint8Array(await value.arrayBuffer())))
  }
  return { fields, files }
}

const parsers = {
  busboy: readByBusboy,
  multer: readByMulter,
  formidable: readByFormidable,
  undici: readByUndici,
} satisfies Record<string, Parse>

export type NodeParser = keyof typeof parsers
export const nodeParsers = ['busboy', 'multer', 'formidable', 'undici'] as const satisfies readonly NodeParser[]
export const isNodeParser = (name: string): name is NodeParser => name in parsers

export async function startNodeParser(name: NodeParser): Promise<Running> {
  const parse: Parse = parsers[name]
  const server = createServer((request, response) => {
    if (request.url === '/') {
      response.end('ok')
      return
    }
    parse(request).then(
      (reading) => response.setHeader('content-type', 'application/json').end(JSON.stringify(reading)),
      (error: unknown) => response.writeHead(400).end(String(error)),
    )
  })
  return listen(server)
}
