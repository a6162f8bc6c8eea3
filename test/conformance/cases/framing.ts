/** Delimiters, preamble, epilogue and the end of the body: RFC 2046 5.1.1. */
import type { ProblemId } from '../../../src/problems/catalogue.ts'
import {
  accepts,
  boundary,
  bytes,
  CRLF,
  contentType,
  field,
  fieldsOnly,
  file,
  form,
  type MultipartCase,
  refuses,
  text,
} from './build.ts'

const whole = form(field('a'))
const open = `--${boundary}`
const close = `--${boundary}--`
const unclosed = bytes(open, CRLF, field('a'), CRLF)
const hidden = `${open}${CRLF}Content-Disposition: form-data; name="x"${CRLF}${CRLF}1${CRLF}`
const lineEndsAs = (end: string): Buffer => Buffer.from(whole.toString().replaceAll(CRLF, end))

const good: readonly (readonly [id: string, title: string, source: string, body: Buffer])[] = [
  ['frame-leading-crlf', 'one CRLF before the first delimiter', 'RFC 2046 5.1.1', bytes(CRLF, whole)],
  ['frame-no-final-crlf', 'nothing after the closing delimiter', 'RFC 2046 5.1.1', whole.subarray(0, -2)],
]

type Bad = readonly [id: string, title: string, source: string, body: Buffer, problem: ProblemId | readonly ProblemId[]]
const malformed: ProblemId = 'multipart.delimiter.malformed'
const truncated: ProblemId = 'multipart.truncated'
const preamble: ProblemId = 'multipart.preamble'
const epilogue: ProblemId = 'multipart.epilogue'

const bad: readonly Bad[] = [
  ['preamble-text', 'text before the first delimiter', 'MP-24', bytes('preamble', CRLF, whole), preamble],
  ['preamble-two-crlf', 'two CRLF before the first delimiter', 'CVE-2024-53981', bytes(CRLF, CRLF, whole), preamble],
  ['preamble-lf', 'LF before the first delimiter', 'MP-24', bytes('\n', whole), preamble],
  ['preamble-space', 'space before the first delimiter', 'MP-24', bytes(' ', whole), preamble],
  ['preamble-hidden', 'delimiter in the middle of a preamble line', 'undici', bytes('xx', hidden, whole), preamble],
  ['preamble-nul', 'NUL inside the first delimiter', 'WAFFLED', bytes('--\0', whole.subarray(2)), preamble],
  ['preamble-json', 'JSON in place of a form', 'MP-35', bytes('{"a":1}'), [preamble, truncated]],
  [
    'preamble-other-boundary',
    'another boundary than announced',
    'RFC 2046 5.1.1',
    bytes('--other', CRLF, field('a'), CRLF, '--other--'),
    preamble,
  ],
  ['epilogue-text', 'text after the closing delimiter', 'MP-25', bytes(whole, 'epilogue'), epilogue],
  ['epilogue-three-crlf', 'three CRLF after the closing delimiter', 'MP-25', bytes(whole, CRLF, CRLF), epilogue],
  ['epilogue-lf', 'LF after the closing delimiter', 'MP-25', bytes(whole.subarray(0, -2), '\n'), [epilogue, malformed]],
  ['epilogue-form', 'a second form after the closing delimiter', 'MP-25', bytes(whole, form(field('b'))), epilogue],
  ['epilogue-part', 'a further part after the closing delimiter', 'MP-25', bytes(whole, hidden, close), epilogue],
  [
    'close-junk',
    'junk on the line of the closing delimiter',
    'busboy',
    bytes(whole.subarray(0, -2), 'x', CRLF),
    [malformed, epilogue],
  ],
  [
    'close-padding',
    'spaces after the closing delimiter',
    'MP-28',
    bytes(whole.subarray(0, -2), ' ', CRLF),
    [malformed, epilogue],
  ],
  ['delimiter-space', 'space after a delimiter', 'MP-28', bytes(open, ' ', CRLF, field('a'), CRLF, close), malformed],
  [
    'delimiter-tab',
    'tab after a later delimiter',
    'MP-28',
    bytes(unclosed, open, '\t', CRLF, field('b'), CRLF, close),
    malformed,
  ],
  ['delimiter-lf', 'LF after a delimiter', 'MP-20', bytes(unclosed, open, '\n', field('b'), CRLF, close), malformed],
  [
    'delimiter-cr',
    'CR alone after a delimiter',
    'MP-20',
    bytes(unclosed, open, '\r', field('b'), CRLF, close),
    malformed,
  ],
  [
    'delimiter-longer',
    'content line that begins with the delimiter',
    'MP-27',
    form(file('f', 'a.txt', 'text/plain', `a${CRLF}${open}xyz${CRLF}b`)),
    malformed,
  ],
  [
    'delimiter-half-closed',
    'content line with the delimiter and one hyphen',
    'MP-27',
    form(file('f', 'a.txt', 'text/plain', `a${CRLF}${open}-x${CRLF}b`)),
    malformed,
  ],
  [
    'delimiter-nul',
    'NUL after a delimiter',
    'WAFFLED',
    bytes(unclosed, open, '\0', CRLF, field('b'), CRLF, close),
    malformed,
  ],
  ['lines-lf', 'LF in place of every CRLF', 'MP-20', lineEndsAs('\n'), [malformed, truncated]],
  ['lines-cr', 'CR in place of every CRLF', 'MP-20', lineEndsAs('\r'), [malformed, truncated]],
  ['truncated-empty', 'empty body', 'MP-26', bytes(), truncated],
  ['truncated-delimiter', 'end inside the first delimiter', 'MP-26', bytes(open.slice(0, 9)), truncated],
  ['truncated-header', 'end inside a part header', 'MP-26', bytes(open, CRLF, 'Content-Dispo'), truncated],
  ['truncated-content', 'end inside the content', 'MP-26', unclosed.subarray(0, -4), truncated],
  ['truncated-no-close', 'no closing delimiter', 'MP-26', unclosed, truncated],
  [
    'truncated-half-close',
    'closing delimiter without its last hyphen',
    'MP-26',
    whole.subarray(0, -3),
    [truncated, malformed],
  ],
  ['truncated-open', 'a delimiter as the end', 'MP-26', bytes(unclosed, open, CRLF), truncated],
]

/** Bytes that look like framing and are content: name of the case, what it is, the content. */
const lookalikes: readonly (readonly [id: string, title: string, content: string | Uint8Array])[] = [
  ['data-lf-delimiter', 'delimiter after LF', `a\n${open}\nb`],
  ['data-cr-delimiter', 'delimiter after CR', `a\r${open}\rb`],
  ['data-mid-line', 'delimiter in the middle of a line', `a ${open}${CRLF} b ${close}${CRLF}`],
  ['data-short-delimiter', 'delimiter without its last character', `a${CRLF}${open.slice(0, -1)}${CRLF}b`],
  ['data-other-form', 'a form of another boundary', form(field('x')).toString().replaceAll(boundary, '----Other')],
  ['data-crlf-first', 'CRLF at the beginning', `${CRLF}a`],
  ['data-crlf-last', 'CRLF at the end', `a${CRLF}`],
  ['data-crlf-only', 'CRLF only', CRLF],
  ['data-cr-last', 'CR at the end', 'a\r'],
  ['data-hyphens', 'lines of two hyphens', `--${CRLF}--${CRLF}--`],
]

const allBytes = Uint8Array.from({ length: 512 }, (_, i) => i % 256)
const emptyForm = { id: 'empty-form', title: 'closing delimiter only', source: 'WHATWG form without entries' }
const repetitive = `a${'a'.repeat(69)}`
const repetitiveForm = form(file('f', 'a.txt', 'text/plain', `${CRLF}--${repetitive.slice(1)}b`.repeat(9)))

export const framingCases: readonly MultipartCase[] = [
  ...good.map(([id, title, source, body]) => accepts({ id, title, source, body }, fieldsOnly(['a', 'value']))),
  accepts({ ...emptyForm, body: bytes(close, CRLF) }, fieldsOnly()),
  ...bad.map(([id, title, source, body, problem]) => refuses({ id, title, source, body }, problem)),
  ...lookalikes.map(([id, title, content]) =>
    accepts(
      {
        id,
        title: `${title} is content`,
        source: 'RFC 2046 5.1.1',
        body: form(file('f', 'a.txt', 'text/plain', content)),
      },
      { fields: [], files: [{ field: 'f', filename: 'a.txt', type: 'text/plain', content }] },
    ),
  ),
  accepts(
    {
      id: 'data-all-bytes',
      title: 'every byte value',
      source: 'RFC 7578 4.7',
      body: form(file('f', 'a.bin', 'application/octet-stream', allBytes)),
    },
    { fields: [], files: [{ field: 'f', filename: 'a.bin', type: 'application/octet-stream', content: allBytes }] },
  ),
  accepts(
    {
      id: 'data-repetitive',
      title: 'content that almost repeats a boundary of one letter',
      source: 'busboy, 20 times its usual cost',
      contentType: `multipart/form-data; boundary=${repetitive}`,
      body: Buffer.from(repetitiveForm.toString().replaceAll(boundary, repetitive)),
    },
    {
      fields: [],
      files: [
        { field: 'f', filename: 'a.txt', type: 'text/plain', content: `${CRLF}--${repetitive.slice(1)}b`.repeat(9) },
      ],
    },
  ),
  accepts(
    {
      id: 'order',
      title: 'fields and files by turns',
      source: 'RFC 7578 5.2',
      contentType,
      body: form(
        field('b', '1'),
        file('f', 'a.txt', 'text/plain', text),
        field('a', '2'),
        file('f', 'b.txt', 'text/plain', text),
        field('b', '3'),
      ),
    },
    {
      fields: [
        ['b', '1'],
        ['a', '2'],
        ['b', '3'],
      ],
      files: [
        { field: 'f', filename: 'a.txt', type: 'text/plain', content: text },
        { field: 'f', filename: 'b.txt', type: 'text/plain', content: text },
      ],
    },
  ),
]
