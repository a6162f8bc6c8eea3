/** Heads and chunks that break the syntax of RFC 9112, or use what servers seldom meet. */
import type { ProbeCase } from '../case.ts'
import { crlf, formType, join } from '../material/form.ts'
import { chunked, chunks, type FramingRow, framingCase, hides, length } from './framing-case.ts'

const laxHeads = 'servers of a chain read different header fields'

const refused: readonly FramingRow[] = [
  [
    'length-signed',
    'a Content-Length with a plus sign',
    'CWE-444, RFC 9110 8.6',
    hides,
    (body) => ({ body, lines: [`Content-Length: +${body.length}`] }),
  ],
  [
    'chunked-http-1.0',
    'Transfer-Encoding in HTTP/1.0',
    'CWE-444, RFC 9112 6.1',
    hides,
    (body) => ({ body: chunks(body), lines: [chunked], version: '1.0' }),
  ],
  [
    'chunk-size-prefix',
    'a chunk size with 0x',
    'CWE-444, RFC 9112 7.1',
    hides,
    (body) => ({ body: chunks(body, `0x${body.length.toString(16)}`), lines: [chunked] }),
  ],
  [
    'chunk-size-overflow',
    'a chunk size beyond 64 bits',
    'CWE-444, CWE-190, RFC 9112 7.1',
    hides,
    (body) => ({ body: chunks(body, `1${body.length.toString(16).padStart(16, '0')}`), lines: [chunked] }),
  ],
  [
    'chunk-bare-lf',
    'a chunk size that ends in a bare LF',
    'CWE-444, RFC 9112 7.1',
    hides,
    (body) => ({ body: chunks(body, undefined, '\n'), lines: [chunked] }),
  ],
  [
    'chunk-extension-lf',
    'a bare LF in a chunk extension',
    'CWE-444, RFC 9112 7.1.1',
    hides,
    (body) => ({ body: chunks(body, `${body.length.toString(16)};a\nb`), lines: [chunked] }),
  ],
  [
    'chunk-longer',
    'a chunk that is longer than its size',
    'CWE-444, RFC 9112 7.1',
    hides,
    (body) => ({ body: chunks(body, (body.length - 1).toString(16)), lines: [chunked] }),
  ],
  [
    'header-nul',
    'a NUL in a header field',
    'CWE-158, RFC 9110 5.5',
    laxHeads,
    (body) => ({ body, lines: [length(body.length), 'X-Probe: a\0b'] }),
  ],
  [
    'header-bare-cr',
    'a bare CR in a header field',
    'CWE-93, RFC 9112 2.2',
    laxHeads,
    (body) => ({ body, lines: [length(body.length), 'X-Probe: a\rb'] }),
  ],
  [
    'header-space-name',
    'a space in the name of a header field',
    'RFC 9112 5.1',
    laxHeads,
    (body) => ({ body, lines: [length(body.length), 'X Probe: a'] }),
  ],
  [
    'host-twice',
    'two Host fields',
    'RFC 9112 3.2',
    'servers of a chain serve different sites',
    (body) => ({ body, lines: ['Host: sluice-probe.invalid', length(body.length)] }),
  ],
  [
    'host-missing',
    'no Host field',
    'RFC 9112 3.2',
    'servers of a chain serve different sites',
    (body) => ({ body, host: false, lines: [length(body.length)] }),
  ],
]

const alike: readonly FramingRow[] = [
  [
    'chunked-underscore',
    'a Transfer_Encoding with an underscore',
    'CWE-444, RFC 3875 4.1.18',
    'harmless, where it is dropped; CGI, WSGI and their like read it as Transfer-Encoding',
    (body) => ({ body, lines: [length(body.length), 'Transfer_Encoding: chunked'] }),
  ],
  [
    'type-underscore',
    'a Content_Type beside the Content-Type',
    'CWE-436, RFC 3875 4.1.18',
    'harmless, where it is dropped; CGI, WSGI and their like read both as one',
    (body) => ({ body, lines: [length(body.length), `Content_Type: ${formType}x`] }),
  ],
  [
    'hop-by-hop',
    'a Connection field that names the Content-Type',
    'CWE-436, RFC 9110 7.6.1',
    'harmless, where it is passed over; a proxy that obeys takes the type away after it was looked at',
    (body) => ({ body, lines: [length(body.length), 'Connection: close, Content-Type'], close: false }),
  ],
  [
    'lengths-equal',
    'the same Content-Length twice',
    'RFC 9110 8.6',
    'allowed, where it is taken for one',
    (body) => ({ body, lines: [length(body.length), length(body.length)] }),
  ],
  [
    'chunk-extension',
    'a chunk extension',
    'RFC 9112 7.1.1',
    'allowed, and to be passed over',
    (body) => ({ body: chunks(body, `${body.length.toString(16)};a=b`), lines: [chunked] }),
  ],
  [
    'chunk-zeros',
    'zeros before a chunk size',
    'RFC 9112 7.1',
    'allowed',
    (body) => ({ body: chunks(body, `000${body.length.toString(16)}`), lines: [chunked] }),
  ],
  [
    'trailer-length',
    'a trailer field that is a Content-Length',
    'CWE-444, RFC 9110 6.5.1',
    'allowed, where it is passed over',
    (body) => ({
      body: join(body.length.toString(16), crlf, body, `${crlf}0${crlf}Content-Length: 5${crlf}${crlf}`),
      lines: [chunked],
    }),
  ],
  [
    'header-folded',
    'a header field folded over two lines',
    'RFC 9112 5.2',
    'allowed, where the fold is replaced by a space',
    (body) => ({ body, lines: [length(body.length), `X-Probe: a${crlf} b`] }),
  ],
]

export const syntaxCases: readonly ProbeCase[] = [
  ...refused.map((row) => framingCase(row, 'refuses')),
  ...alike.map((row) => framingCase(row, 'reads alike')),
]
