import { version } from '../../version.ts'
import type { Endpoint, Message } from '../case.ts'
import { fileRead, type Reading } from '../verdict/reading.ts'

export const boundary = 'SluiceProbe7f3a91c4'
export const formType = `multipart/form-data; boundary=${boundary}`
export const crlf = '\r\n'

type Bytes = string | Uint8Array

/** Strings are UTF-8. */
export function join(...pieces: readonly Bytes[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
}

/** What stands between two delimiters. */
export function part(headers: readonly Bytes[], content: Bytes): Buffer {
  return join(...headers.flatMap((line) => [line, crlf]), crlf, content)
}

export const disposition = (parameters: string): string => `Content-Disposition: form-data; ${parameters}`

export function fieldPart(name: string, value: string): Buffer {
  return part([disposition(`name="${name}"`)], value)
}

export function filePart(field: string, filename: string, type: string, content: Bytes): Buffer {
  return part([disposition(`name="${field}"; filename="${filename}"`), `Content-Type: ${type}`], content)
}

/** The fields that every form of the endpoint has, then these parts. */
export function form({ fields }: Endpoint, parts: readonly Buffer[], delimiter = boundary): Buffer {
  const all = [...fields.map(([name, value]) => fieldPart(name, value)), ...parts]
  return join(...all.flatMap((one) => [`--${delimiter}${crlf}`, one, crlf]), `--${delimiter}--${crlf}`)
}

/** A part with the control file, which every endpoint accepts. */
export function controlPart({ field, control }: Endpoint): Buffer {
  return filePart(field, control.filename, control.type, control.content)
}

/** The endpoint's fields and the control file, under a name of its own where one is given. */
export function controlReading({ fields, field, control }: Endpoint, filename = control.filename): Reading {
  return { fields, files: [fileRead(field, filename, control.type, control.content)] }
}

/** What differs from an ordinary request. */
export interface Wire {
  readonly contentType?: string
  /** Lines that tell how the body is delimited, and any others; Content-Length alone where absent. */
  readonly lines?: readonly string[]
  readonly version?: '1.0' | '1.1'
  /** False leaves out the Host line. */
  readonly host?: boolean
  /** False leaves the connection open for a second request. */
  readonly close?: boolean
}

/** In every request, so that nobody has to guess what is in the logs. */
export const agent = `User-Agent: sluice-probe/${version}`

/** The bytes of a request. */
export function requestBytes(endpoint: Endpoint, body: Buffer, wire: Wire = {}): Buffer {
  const { contentType = formType, lines = [`Content-Length: ${body.length}`], version: http = '1.1' } = wire
  const { url, method, headers } = endpoint
  const head = [
    `${method} ${url.pathname}${url.search} HTTP/${http}`,
    ...(wire.host === false ? [] : [`Host: ${url.host}`]),
    agent,
    'Accept: application/json, */*;q=0.5',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Type: ${contentType}`,
    ...lines,
    ...(wire.close === false ? [] : ['Connection: close']),
  ]
  return join(head.join(crlf), crlf, crlf, body)
}

/** The harmless upload that an endpoint has to accept before anything can be said of it. */
export function controlMessage(endpoint: Endpoint): Message {
  const bytes = requestBytes(endpoint, form(endpoint, [controlPart(endpoint)]))
  return { bytes, intended: controlReading(endpoint), hides: false }
}
