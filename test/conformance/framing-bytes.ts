import type { FramingCase } from './framing-cases.ts'

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n'

/** The case as bytes, with the body that its fields announce and a request after it. */
export function render({ line, fields, expected }: FramingCase): Buffer {
  const [method, target, version = '1.1'] = line
  let head = `${method} ${target} HTTP/${version}\r\n`
  for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`
  const has = (name: string): boolean => fields.some((field, i) => i % 2 === 0 && field.toLowerCase() === name)
  const body = has('transfer-encoding') ? '4\r\ntest\r\n0\r\n\r\n' : has('content-length') && !/Content-Length zero/.test('') ? 'test' : ''
  return Buffer.from(`${head}\r\n${body}${expected ? smuggled : ''}`, 'latin1')
}
const h = 'Host: a.example\r\n'
const p = `POST / HTTP/1.1\r\n${h}`
const c = `${p}Transfer-Encoding: chunked\r\n\r\n`
export const hostileBytes: readonly (readonly [string, string])[] = [
  ['CL+TE', `${p}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['TE+CL', `${p}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`],
  ['dup CL diff', `${p}Content-Length: 4\r\nContent-Length: 5\r\n\r\ntest`],
  ['obs-fold', `${p}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n`],
  ['obs-fold TE', `${p}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['space before colon', `${p}Content-Length : 4\r\n\r\ntest`],
  ['space before first name', `POST / HTTP/1.1\r\n Host: a.example\r\n\r\n`],
  ['bare LF lines', `GET / HTTP/1.1\nHost: a.example\n\n`],
  ['bare LF one', `GET / HTTP/1.1\r\nHost: a.example\nX: y\r\n\r\n`],
  ['bare CR', `GET / HTTP/1.1\r\nHost: a.example\rX: y\r\n\r\n`],
  ['bare CR in value', `GET / HTTP/1.1\r\n${h}X: a\rb\r\n\r\n`],
  ['NUL in value', `GET / HTTP/1.1\r\n${h}X: a\0b\r\n\r\n`],
  ['NUL in name', `GET / HTTP/1.1\r\n${h}X\0: a\r\n\r\n`],
  ['NUL in target', `GET /\0 HTTP/1.1\r\n${h}\r\n`],
  ['space in target', `GET /a b HTTP/1.1\r\n${h}\r\n`],
  ['two spaces', `GET  / HTTP/1.1\r\n${h}\r\n`],
  ['tab', `GET\t/ HTTP/1.1\r\n${h}\r\n`],
  ['no version', `GET /\r\n${h}\r\n`],
  ['lower http', `GET / http/1.1\r\n${h}\r\n`],
  ['version 1.10', `GET / HTTP/1.10\r\n${h}\r\n`],
  ['leading CRLF', `\r\n\r\nGET / HTTP/1.1\r\n${h}\r\n`],
  ['leading garbage', `\x16\x03\x01\x02\x00\x01\x00\x01`],
  ['h2 preface', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`],
  ['unknown method', `FETCH / HTTP/1.1\r\n${h}\r\n`],
  ['lower method', `get / HTTP/1.1\r\n${h}\r\n`],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${h}\r\n`],
  ['header w/o colon', `GET / HTTP/1.1\r\n${h}Nocolon\r\n\r\n`],
  ['empty name', `GET / HTTP/1.1\r\n${h}: a\r\n\r\n`],
  ['CL with space', `${p}Content-Length: 4 4\r\n\r\ntest`],
  ['CL huge', `${p}Content-Length: 99999999999999999999\r\n\r\ntest`],
  ['CL letters', `${p}Content-Length: 4a\r\n\r\ntest`],
  ['chunk bad size', `${c}g\r\ntest\r\n0\r\n\r\n`],
  ['chunk neg', `${c}-4\r\ntest\r\n0\r\n\r\n`],
  ['chunk 0x', `${c}0x4\r\ntest\r\n0\r\n\r\n`],
  ['chunk lead space', `${c} 4\r\ntest\r\n0\r\n\r\n`],
  ['chunk trail space', `${c}4 \r\ntest\r\n0\r\n\r\n`],
  ['chunk overflow', `${c}10000000000000004\r\ntest\r\n0\r\n\r\n`],
  ['chunk ffffffffffffffff', `${c}ffffffffffffffff\r\ntest\r\n0\r\n\r\n`],
  ['chunk LF', `${c}4\ntest\n0\n\n`],
  ['chunk size LF', `${c}4\ntest\r\n0\r\n\r\n`],
  ['chunk data too long', `${c}4\r\ntestX\r\n0\r\n\r\n`],
  ['chunk data too short', `${c}5\r\ntest\r\n0\r\n\r\n`],
  ['chunk empty size', `${c}\r\ntest\r\n0\r\n\r\n`],
  ['chunk underscore', `${c}1_0\r\n${'x'.repeat(16)}\r\n0\r\n\r\n`],
  ['chunk ext', `${c}4;a=b\r\ntest\r\n0\r\n\r\n`],
  ['chunk ext bare lf', `${c}4;a\nb\r\ntest\r\n0\r\n\r\n`],
  ['chunk ext cr', `${c}4;a\rb\r\ntest\r\n0\r\n\r\n`],
  ['chunk ext flood', `${c}4;${'a'.repeat(20000)}\r\ntest\r\n0\r\n\r\n`],
  ['chunk ext flood many', `${c}${`1;${'a'.repeat(1000)}\r\nx\r\n`.repeat(20)}0\r\n\r\n`],
  ['trailer', `${c}4\r\ntest\r\n0\r\nX-T: a\r\n\r\n`],
  ['trailer bad', `${c}4\r\ntest\r\n0\r\nX T: a\r\n\r\n`],
  ['trailer CL', `${c}4\r\ntest\r\n0\r\nContent-Length: 4\r\n\r\n`],
  ['trailer flood', `${c}4\r\ntest\r\n0\r\nX: ${'a'.repeat(20000)}\r\n\r\n`],
  ['trailer many', `${c}4\r\ntest\r\n0\r\n${'X: a\r\n'.repeat(3000)}\r\n`],
  ['header flood', `GET / HTTP/1.1\r\n${h}X: ${'a'.repeat(20000)}\r\n\r\n`],
  ['header flood many', `GET / HTTP/1.1\r\n${h}${'X: a\r\n'.repeat(5000)}\r\n`],
  ['header flood endless', `GET / HTTP/1.1\r\n${h}X: ${'a'.repeat(200000)}`],
  ['target flood', `GET /${'a'.repeat(20000)} HTTP/1.1\r\n${h}\r\n`],
  ['101 empties', `GET / HTTP/1.1\r\n${h}${'X:\r\n'.repeat(101)}\r\n`],
]
