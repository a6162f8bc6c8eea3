/** Headers of parts: RFC 7578 4, RFC 2045, RFC 2046 5.1. */
import type { Endpoint, ProbeCase } from '../case.ts'
import { controlPart, crlf, disposition, fieldPart, filePart, join, part } from '../material/form.ts'
import { formCase, ofParts, type Words } from './form-case.ts'

/** Lines of the part with the control file; `named` is its usual Content-Disposition. */
type LineRow = readonly [...Words, lines: (named: string, type: string) => readonly string[]]
type PartRow = readonly [...Words, parts: (endpoint: Endpoint) => readonly Buffer[]]

const program = 'filename="probe.php"'
const dropped = 'some parsers drop the part without a word, others store the file'

const lineRows: readonly LineRow[] = [
  [
    'disposition-twice',
    'two Content-Dispositions in one part',
    'CWE-436, RFC 2045 3',
    'who takes the other one sees another file',
    (named, type) => [named, disposition(`name="role"; ${program}`), type],
  ],
  [
    'disposition-attachment',
    'a disposition other than form-data',
    'RFC 7578 4.2',
    dropped,
    (named, type) => [named.replace('form-data', 'attachment'), type],
  ],
  ['disposition-missing', 'a part without Content-Disposition', 'RFC 7578 4.2', dropped, (_named, type) => [type]],
  [
    'part-type-twice',
    'two Content-Types in one part',
    'CWE-436, RFC 2045 3',
    'who takes the other one sees another type',
    (named, type) => [named, type, 'Content-Type: application/x-php'],
  ],
  [
    'header-folded',
    'a Content-Disposition folded over two lines',
    'CWE-436, RFC 7578 4.8',
    'who reads single lines sees a field of text, and the application stores a file',
    (named, type) => [named.replace('; filename', `;${crlf} filename`), type],
  ],
  [
    'header-colon-space',
    'a space before the colon',
    'CWE-436, RFC 9112 5.1',
    dropped,
    (named, type) => [named.replace(':', ' :'), type],
  ],
  [
    'header-lf',
    'a bare LF between two headers',
    'CWE-436, RFC 2046 4.1.1',
    'who takes LF for a line end reads a header more',
    (named, type) => [`X-A: b\n${named}`, type],
  ],
  [
    'header-nul',
    'a NUL in a header',
    'CWE-158',
    'parsers end the line at the NUL, drop it, or read on',
    (named, type) => [named.replace('form-data', 'form-\0data'), type],
  ],
  [
    'transfer-base64',
    'a part that declares itself as base64',
    'CWE-436, RFC 7578 4.7',
    'some backends decode the file after it was looked into, others do not',
    (named, type) => [named, type, 'Content-Transfer-Encoding: base64'],
  ],
  [
    'part-encoding',
    'a part that declares itself as gzip',
    'CWE-436, RFC 9110 8.4',
    'backends that unpack it store another file than was looked into',
    (named, type) => [named, type, 'Content-Encoding: gzip'],
  ],
  [
    'part-length',
    'a part with a false Content-Length',
    'CWE-130, RFC 7578 4.8',
    'who believes it reads another file',
    (named, type) => [named, type, 'Content-Length: 1'],
  ],
]

const inner = (endpoint: Endpoint): Buffer => {
  const attached = filePart('x', 'probe.php', 'application/x-php', endpoint.control.content)
  const lines = attached.toString('latin1').replace('form-data; name="x"', 'attachment')
  return join(`--inner${crlf}`, Buffer.from(lines, 'latin1'), `${crlf}--inner--`)
}

const partRows: readonly PartRow[] = [
  [
    'nested-mixed',
    'a form in a part of the form',
    'CWE-436, RFC 7578 4.3',
    'some backends read the inner files, which nobody in front has seen',
    (endpoint) => [
      controlPart(endpoint),
      part([disposition(`name="${endpoint.field}"`), 'Content-Type: multipart/mixed; boundary=inner'], inner(endpoint)),
    ],
  ],
  [
    'nested-message',
    'a mail in a part of the form',
    'CWE-436, RFC 7578 4.3',
    'some backends read the files in the mail',
    (endpoint) => [
      controlPart(endpoint),
      part(
        [disposition(`name="${endpoint.field}"; filename="a.eml"`), 'Content-Type: message/rfc822'],
        inner(endpoint),
      ),
    ],
  ],
  [
    'charset-field',
    'a _charset_ field that names UTF-7',
    'CWE-838, RFC 7578 4.6',
    'backends that believe it read other values than a filter',
    (endpoint) => [fieldPart('_charset_', 'utf-7'), controlPart(endpoint)],
  ],
  [
    'field-utf16',
    'a field in UTF-16',
    'CWE-838, RFC 7578 5.1.2',
    'backends that convert it read other values than a filter',
    (endpoint) => [
      part([disposition('name="note"'), 'Content-Type: text/plain; charset=utf-16le'], Buffer.from('<b>', 'utf16le')),
      controlPart(endpoint),
    ],
  ],
  [
    'field-octets',
    'a file without a file name',
    'CWE-436, RFC 7578 4.2',
    'a file to some parsers and a field to others, so that limits and scanners for files pass it over',
    (endpoint) => [
      controlPart(endpoint),
      part([disposition('name="note"'), 'Content-Type: application/octet-stream'], endpoint.control.content),
    ],
  ],
  [
    'field-name-prototype',
    'a field that is named __proto__',
    'CWE-1321',
    'applications that keep fields in plain objects change all of them, or lose the field',
    (endpoint) => [fieldPart('__proto__', 'a'), fieldPart('a[__proto__][b]', 'c'), controlPart(endpoint)],
  ],
  [
    'field-name-control',
    'a line end in the name of a field',
    'CWE-93',
    'backends that decode names write lines of their own into logs and headers',
    (endpoint) => [fieldPart('a%0d%0ab', 'c'), controlPart(endpoint)],
  ],
]

export const partCases: readonly ProbeCase[] = [
  ...lineRows.map(([id, title, why, through, lines]) =>
    formCase('multipart', 'refuses', [id, title, why, through], (endpoint) => {
      const { field, control } = endpoint
      const named = disposition(`name="${field}"; filename="${control.filename}"`)
      return ofParts(endpoint, [part(lines(named, `Content-Type: ${control.type}`), control.content)])
    }),
  ),
  ...partRows.map(([id, title, why, through, parts]) =>
    formCase('multipart', 'refuses', [id, title, why, through], (endpoint) => ofParts(endpoint, parts(endpoint))),
  ),
]
