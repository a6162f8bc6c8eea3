/** Lines of a part header: RFC 2046 5.1, RFC 7578 4.2, 4.8. */
import type { ProblemId } from '../../../src/problems/catalogue.ts'
import {
  type Accepted,
  accepts,
  boundary,
  bytes,
  CRLF,
  disposition,
  form,
  type MultipartCase,
  part,
  refuses,
  text,
  textFileNamed,
} from './build.ts'

type Problem = ProblemId | readonly ProblemId[]
type Row<Expected> = readonly [
  id: string,
  title: string,
  source: string,
  headers: readonly (string | Uint8Array)[],
  expected: Expected,
]

const a = disposition('name="a"')
const f = disposition('name="f"; filename="a.txt"')
const plain = 'Content-Type: text/plain'
const oneFile = textFileNamed('a.txt')
const control: ProblemId = 'multipart.header.control'
const malformed: ProblemId = 'multipart.header.malformed'
const duplicate: ProblemId = 'multipart.header.duplicate'

const good: readonly Row<Accepted>[] = [
  [
    'header-case',
    'header names in another case',
    'RFC 9110 5.1',
    ['content-disposition: form-data; name="f"; filename="a.txt"', 'CONTENT-TYPE: text/plain'],
    oneFile,
  ],
  ['header-order', 'Content-Type before Content-Disposition', '.NET HttpClient', [plain, f], oneFile],
  [
    'header-no-space',
    'no space after the colon',
    'RFC 9110 5.1',
    ['Content-Disposition:form-data; name="f"; filename="a.txt"', 'Content-Type:text/plain'],
    oneFile,
  ],
  [
    'header-unknown',
    'unknown headers are not passed on',
    'RFC 7578 4.8',
    [f, plain, 'X-Custom: 1', 'Content-ID: <1@a>'],
    oneFile,
  ],
  ['length-true', 'Content-Length that is true', 'OkHttp', [f, plain, `Content-Length: ${text.length}`], oneFile],
]

const bad: readonly Row<Problem>[] = [
  ['header-none', 'part without any header', 'RFC 7578 4.2', [], 'multipart.disposition.missing'],
  ['header-no-disposition', 'part without Content-Disposition', 'MP-18', [plain], 'multipart.disposition.missing'],
  [
    'header-attachment',
    'Content-Disposition attachment',
    'MP-18',
    ['Content-Disposition: attachment; name="f"; filename="a.txt"'],
    'multipart.disposition.type',
  ],
  [
    'header-file',
    'Content-Disposition file',
    'MP-18',
    ['Content-Disposition: file; filename="a.txt"'],
    'multipart.disposition.type',
  ],
  [
    'header-disposition-empty',
    'empty Content-Disposition',
    'MP-18',
    ['Content-Disposition: '],
    ['multipart.disposition.type', 'multipart.disposition.malformed', 'multipart.disposition.missing'],
  ],
  ['header-disposition-twice', 'two Content-Dispositions', 'MP-16', [a, disposition('name="b"')], duplicate],
  ['header-type-twice', 'two Content-Types', 'MP-17', [f, plain, 'Content-Type: image/png'], duplicate],
  [
    'header-length-twice',
    'two Content-Lengths',
    'MP-17',
    [f, plain, `Content-Length: ${text.length}`, 'Content-Length: 1'],
    duplicate,
  ],
  [
    'header-folded',
    'folded header',
    'MP-19',
    ['Content-Disposition: form-data;', ' name="a"'],
    'multipart.header.folded',
  ],
  [
    'header-folded-tab',
    'header folded with a tab',
    'CVE-2026-26962',
    ['Content-Disposition: form-data; name="a"', '\tfilename="a.txt"'],
    'multipart.header.folded',
  ],
  ['header-folded-first', 'first line begins with a space', 'MP-19', [` ${a}`], ['multipart.header.folded', malformed]],
  ['header-lf', 'LF between two headers', 'MP-21', [`${a}\n${plain}`], control],
  ['header-cr', 'CR between two headers', 'MP-21', [`${a}\r${plain}`], control],
  ['header-lf-in-type', 'LF in the disposition', 'WAFFLED', ['Content-Disposition: form-da\na; name="a"'], control],
  ['header-nul', 'NUL in the file name', 'MP-23', [disposition('name="f"; filename="a.php\0.txt"'), plain], control],
  ['header-nul-name', 'NUL in the field name', 'WAFFLED', [disposition('name="a\0"')], control],
  ['header-nul-end', 'NUL after the disposition', 'WAFFLED', [`${a}\0`], control],
  ['header-nul-type', 'NUL in the type', 'WAFFLED', [f, 'Content-Type: tex\0t/plain'], control],
  [
    'header-nul-unknown',
    'NUL in the name of an unknown header',
    'WAFFLED',
    [a, 'conten\0-extra: 1'],
    [control, malformed],
  ],
  [
    'header-escape',
    'escape character in the file name',
    'MP-23',
    [disposition('name="f"; filename="a\u001b[1m.txt"')],
    control,
  ],
  ['header-tab-name', 'tab in the field name', 'MP-23', [disposition('name="a\tb"')], [control, 'field.name']],
  ['header-colon-space', 'space before the colon', 'MP-22', ['Content-Disposition : form-data; name="a"'], malformed],
  ['header-no-colon', 'line without a colon', 'RFC 9110 5.1', [a, 'junk'], malformed],
  ['header-no-name', 'line that begins with a colon', 'RFC 9110 5.1', [a, ': 1'], malformed],
  ['header-name-space', 'space in a header name', 'RFC 9110 5.1', [a, 'Content Type: text/plain'], malformed],
  [
    'header-latin1',
    'file name in ISO 8859-1',
    'RFC 7578 5.1.3',
    [bytes('Content-Disposition: form-data; name="f"; filename="', Uint8Array.of(0xe4), '.txt"'), plain],
    'multipart.header.encoding',
  ],
  [
    'header-surrogate',
    'surrogate in UTF-8',
    'RFC 3629 3',
    [bytes('Content-Disposition: form-data; name="f"; filename="', Uint8Array.of(0xed, 0xa0, 0x80), '.txt"'), plain],
    'multipart.header.encoding',
  ],
  [
    'header-overlong',
    'overlong UTF-8 of a slash',
    'RFC 3629 3',
    [bytes('Content-Disposition: form-data; name="f"; filename="', Uint8Array.of(0xc0, 0xaf), '.txt"'), plain],
    'multipart.header.encoding',
  ],
  [
    'header-long',
    'header of 9 KiB',
    'CVE-2026-42561',
    [a, `X-Long: ${'x'.repeat(9 * 1024)}`],
    'multipart.header.too-large',
  ],
  [
    'header-many',
    '17 headers',
    'CVE-2025-48976',
    [a, ...Array.from({ length: 16 }, (_, i) => `X-${i}: 1`)],
    'multipart.header.too-large',
  ],
  [
    'length-short',
    'Content-Length that is too small',
    'RFC 7578 4.8',
    [f, plain, 'Content-Length: 3'],
    'multipart.content-length',
  ],
  [
    'length-long',
    'Content-Length that is too large',
    'RFC 7578 4.8',
    [f, plain, 'Content-Length: 999'],
    'multipart.content-length',
  ],
  [
    'length-sign',
    'Content-Length with a sign',
    'RFC 9110 8.6',
    [f, plain, `Content-Length: +${text.length}`],
    ['multipart.content-length', malformed],
  ],
]

const unendedHeader = bytes('--', boundary, CRLF, a, CRLF, '--', boundary, '--', CRLF)

export const partHeaderCases: readonly MultipartCase[] = [
  ...good.map(([id, title, source, headers, accept]) =>
    accepts({ id, title, source, body: form(part(headers, text)) }, accept),
  ),
  ...bad.map(([id, title, source, headers, problem]) =>
    refuses({ id, title, source, body: form(part(headers, text)) }, problem),
  ),
  refuses(
    { id: 'header-unended', title: 'header that runs into the delimiter', source: 'RFC 2046 5.1', body: unendedHeader },
    [malformed, 'multipart.truncated'],
  ),
]
