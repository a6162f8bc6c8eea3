import type { ProblemId } from '../../src/problems/catalogue.ts'
import type { FramingCase } from './framing-cases.ts'

/** A request after the one in question, that nothing may ever take for one. */
export const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n'
export const content = 'test'

/** A case as bytes, with the body that its fields announce. */
export function toBytes({ line, fields }: FramingCase): string {
  const [method, target, version = '1.1'] = line
  const rows = fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1] ?? ''] as const] : []))
  const head = rows.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `${method} ${target} HTTP/${version}\r\n${head}\r\n${bodyOf(rows)}`
}

function bodyOf(rows: readonly (readonly [string, string])[]): string {
  const names = new Map(rows.map(([name, value]) => [name.toLowerCase(), value]))
  if (names.has('transfer-encoding')) return `4\r\n${content}\r\n0\r\n\r\n`
  const length = names.get('content-length')
  return length === undefined || length === '0' ? '' : content
}

/** Where Node's parser comes first, its verdict is another than that of `checkFraming`; and nobody can relay OPTIONS *. */
export const onTheWire: ReadonlyMap<string, ProblemId | null> = new Map([
  ['two Content-Length', 'framing.malformed'],
  ['two Transfer-Encoding', 'framing.transfer-encoding'],
  ['chunked after a vertical tab', 'framing.malformed'],
  ['control', 'framing.malformed'],
  ['tab', null],
  ['absolute-form with a backslash', 'framing.malformed'],
  ['OPTIONS *', 'route.target.invalid'],
])

type Row = readonly [name: string, bytes: string]
type Rows = readonly Row[]

const host = 'Host: a.example\r\n'
const get = `GET / HTTP/1.1\r\n${host}`
const post = `POST / HTTP/1.1\r\n${host}`
const long = 'a'.repeat(20_000)

/** Heads that no writer of a framing case could express: they break the syntax itself. */
const hostileHeads: ReadonlyMap<ProblemId, Rows> = new Map<ProblemId, Rows>([
  [
    'framing.malformed',
    [
      [
        'Transfer-Encoding before Content-Length',
        `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
      ],
      ['two different Content-Length', `${post}Content-Length: 4\r\nContent-Length: 5\r\n\r\ntest`],
      ['folded field', `${post}X-A: b\r\n c\r\nContent-Length: 4\r\n\r\ntest`],
      ['folded Transfer-Encoding', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
      ['white space before the first field', `POST / HTTP/1.1\r\n ${host}\r\n`],
      ['white space before the colon', `${post}Content-Length : 4\r\n\r\ntest`],
      ['bare LF throughout', 'GET / HTTP/1.1\nHost: a.example\n\n'],
      ['bare LF after one field', `GET / HTTP/1.1\r\nHost: a.example\nX: y\r\n\r\n`],
      ['bare CR between fields', `GET / HTTP/1.1\r\nHost: a.example\rX: y\r\n\r\n`],
      ['bare CR in a value', `${get}X: a\rb\r\n\r\n`],
      ['NUL in a value', `${get}X: a\0b\r\n\r\n`],
      ['NUL in a name', `${get}X\0: a\r\n\r\n`],
      ['NUL in the target', `GET /\0 HTTP/1.1\r\n${host}\r\n`],
      ['space in the target', `GET /a b HTTP/1.1\r\n${host}\r\n`],
      ['tab in the request line', `GET\t/ HTTP/1.1\r\n${host}\r\n`],
      ['no version', `GET /\r\n${host}\r\n`],
      ['protocol in lower case', `GET / http/1.1\r\n${host}\r\n`],
      ['version with two digits', `GET / HTTP/1.10\r\n${host}\r\n`],
      ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
      ['preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['unknown method', `FETCH / HTTP/1.1\r\n${host}\r\n`],
      ['method in lower case', `get / HTTP/1.1\r\n${host}\r\n`],
      ['field without a colon', `${get}Nothing\r\n\r\n`],
      ['field without a name', `${get}: a\r\n\r\n`],
      ['space within Content-Length', `${post}Content-Length: 4 4\r\n\r\ntest`],
      ['Content-Length beyond 64 bits', `${post}Content-Length: 99999999999999999999\r\n\r\ntest`],
      ['letter in Content-Length', `${post}Content-Length: 4a\r\n\r\ntest`],
    ],
  ],
  [
    'framing.headers.too-large',
    [
      ['one long field', `${get}X: ${long}\r\n\r\n`],
      ['a field without end', `${get}X: ${long.repeat(10)}`],
      ['many fields', `${get}${'X: a\r\n'.repeat(5000)}\r\n`],
      ['many empty fields', `${get}${'X:\r\n'.repeat(101)}\r\n`],
      ['long target', `GET /${long} HTTP/1.1\r\n${host}\r\n`],
    ],
  ],
  [
    'framing.transfer-encoding',
    [
      [
        'Content-Length before Transfer-Encoding',
        `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ],
    ],
  ],
])

/** What follows a head with Transfer-Encoding: chunked. */
const hostileChunks: ReadonlyMap<ProblemId, Rows> = new Map<ProblemId, Rows>([
  [
    'framing.malformed',
    [
      ['size that is no number', 'g\r\ntest\r\n0\r\n\r\n'],
      ['negative size', '-4\r\ntest\r\n0\r\n\r\n'],
      ['size with 0x', '0x4\r\ntest\r\n0\r\n\r\n'],
      ['size with an underscore', `1_0\r\n${'x'.repeat(16)}\r\n0\r\n\r\n`],
      ['size after a space', ' 4\r\ntest\r\n0\r\n\r\n'],
      ['size before a space', '4 \r\ntest\r\n0\r\n\r\n'],
      ['size beyond 64 bits', '10000000000000004\r\ntest\r\n0\r\n\r\n'],
      ['no size', '\r\ntest\r\n0\r\n\r\n'],
      ['bare LF throughout', '4\ntest\n0\n\n'],
      ['bare LF after the size', '4\ntest\r\n0\r\n\r\n'],
      ['content longer than its size', '4\r\ntestX\r\n0\r\n\r\n'],
      ['content shorter than its size', '5\r\ntest\r\n0\r\n\r\n'],
      ['bare LF in an extension', '4;a\nb\r\ntest\r\n0\r\n\r\n'],
      ['bare CR in an extension', '4;a\rb\r\ntest\r\n0\r\n\r\n'],
      ['trailer with a space in its name', '4\r\ntest\r\n0\r\nX T: a\r\n\r\n'],
      ['trailer that is Content-Length', '4\r\ntest\r\n0\r\nContent-Length: 4\r\n\r\n'],
    ],
  ],
  [
    'framing.chunk-extensions',
    [
      ['one long extension', `4;${long}\r\ntest\r\n0\r\n\r\n`],
      ['many extensions', `${`1;${'a'.repeat(8000)}\r\nx\r\n`.repeat(400)}0\r\n\r\n`],
    ],
  ],
  ['framing.headers.too-large', [['long trailer', `4\r\ntest\r\n0\r\nX: ${long}\r\n\r\n`]]],
])

/** Chunked bodies of `content` that are unusual and unambiguous. */
export const goodChunks: Rows = [
  ['extension', '4;a=b\r\ntest\r\n0\r\n\r\n'],
  ['zeros before the size', '0004\r\ntest\r\n000\r\n\r\n'],
  ['chunks of one byte', '1\r\nt\r\n1\r\ne\r\n1\r\ns\r\n1\r\nt\r\n0\r\n\r\n'],
  ['trailer', '4\r\ntest\r\n0\r\nX-Sum: a\r\n\r\n'],
]

export function chunkedTo(target: string, body: string): string {
  return `POST ${target} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${body}`
}

export interface HostileBytes {
  readonly name: string
  readonly bytes: string
  readonly expected: ProblemId
}

function flatten(table: ReadonlyMap<ProblemId, Rows>, render: (bytes: string) => string): HostileBytes[] {
  return [...table].flatMap(([expected, rows]) =>
    rows.map(([name, bytes]) => ({ name, bytes: render(bytes), expected })),
  )
}

export const hostileHeadBytes: readonly HostileBytes[] = flatten(hostileHeads, (bytes) => bytes)

export const hostileChunkBytes = (target: string): HostileBytes[] =>
  flatten(hostileChunks, (body) => chunkedTo(target, body))
