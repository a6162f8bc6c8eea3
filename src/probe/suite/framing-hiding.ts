/** Heads that say two things of where the body ends, with a second request behind one of the two ends. */
import type { Endpoint, ProbeCase } from '../case.ts'
import { agent, crlf, join } from '../material/form.ts'
import { chunked, chunks, type FramingRow, framingCase, hides, length } from './framing-case.ts'

/** A harmless request for the same address; nobody acts on it, and its answer shows that it was taken for one. */
function hidden({ url, headers }: Endpoint): Buffer {
  const own = headers.map(([name, value]) => `${name}: ${value}${crlf}`).join('')
  return join(`GET ${url.pathname} HTTP/1.1${crlf}Host: ${url.host}${crlf}${agent}${crlf}${own}${crlf}`)
}

/** A chunked body with a request behind its end, for heads that say two things of where it ends. */
const chunkedThenHidden =
  (...lines: readonly string[]): FramingRow[4] =>
  (body, endpoint) => {
    const whole = join(chunks(body), hidden(endpoint))
    return { body: whole, lines: lines.map((line) => line.replace('LENGTH', String(whole.length))) }
  }

const rows: readonly FramingRow[] = [
  [
    'length-and-chunked',
    'Content-Length and Transfer-Encoding',
    'CWE-444, RFC 9112 6.1',
    hides,
    chunkedThenHidden('Content-Length: LENGTH', chunked),
  ],
  [
    'chunked-and-length',
    'Transfer-Encoding and Content-Length',
    'CWE-444, RFC 9112 6.1',
    hides,
    chunkedThenHidden(chunked, 'Content-Length: LENGTH'),
  ],
  [
    'chunked-space-colon',
    'Transfer-Encoding with a space before the colon',
    'CWE-444, RFC 9112 5.1',
    hides,
    chunkedThenHidden('Content-Length: LENGTH', 'Transfer-Encoding : chunked'),
  ],
  [
    'chunked-vertical-tab',
    'Transfer-Encoding with a vertical tab before its value',
    'CWE-444, RFC 9112 6.1',
    hides,
    chunkedThenHidden('Content-Length: LENGTH', 'Transfer-Encoding: \x0bchunked'),
  ],
  [
    'chunked-folded',
    'Transfer-Encoding folded over two lines',
    'CWE-444, RFC 9112 5.2',
    hides,
    chunkedThenHidden('Content-Length: LENGTH', `Transfer-Encoding:${crlf} chunked`),
  ],
  [
    'chunked-bare-lf',
    'Transfer-Encoding behind a bare LF',
    'CWE-444, RFC 9112 2.2',
    hides,
    chunkedThenHidden('Content-Length: LENGTH', `X-Probe: a\n${chunked}`),
  ],
  [
    'chunked-bare-cr',
    'Transfer-Encoding behind a bare CR',
    'CWE-444, RFC 9112 2.2',
    hides,
    chunkedThenHidden('Content-Length: LENGTH', `X-Probe: a\r${chunked}`),
  ],
  [
    'chunked-unknown',
    'an unknown transfer coding',
    'CWE-444, RFC 9112 6.1',
    hides,
    chunkedThenHidden('Content-Length: LENGTH', 'Transfer-Encoding: xchunked'),
  ],
  [
    'chunked-identity',
    'two Transfer-Encodings',
    'CWE-444, RFC 9112 6.1',
    hides,
    chunkedThenHidden(chunked, 'Transfer-Encoding: identity'),
  ],
  [
    'lengths-differ',
    'two Content-Lengths',
    'CWE-444, RFC 9112 6.3',
    hides,
    (body, endpoint) => {
      const request = hidden(endpoint)
      return { body: join(body, request), lines: [length(body.length), length(body.length + request.length)] }
    },
  ],
  [
    'lengths-list',
    'a Content-Length of two numbers',
    'CWE-444, RFC 9112 6.3',
    hides,
    (body, endpoint) => {
      const request = hidden(endpoint)
      return { body: join(body, request), lines: [`Content-Length: ${body.length}, ${body.length + request.length}`] }
    },
  ],
]

export const hidingCases: readonly ProbeCase[] = rows.map((row) => framingCase(row, 'hides'))
