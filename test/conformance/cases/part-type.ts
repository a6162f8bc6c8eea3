/** What a part says of its content: RFC 7578 4.4, 4.6, 4.7, RFC 9110 8.3.1. */
import type { ProblemId } from '../../../src/problems/catalogue.ts'
import {
  type Accepted,
  accepts,
  disposition,
  fieldsOnly,
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
  headers: readonly string[],
  expected: Expected,
]

const a = disposition('name="a"')
const f = disposition('name="f"; filename="a.txt"')
const plain = 'Content-Type: text/plain'
const oneField = fieldsOnly(['a', text])
const oneFile = textFileNamed('a.txt')
const encoding: ProblemId = 'multipart.transfer-encoding'
const invalidType: ProblemId = 'multipart.part-type.invalid'
const fieldType: ProblemId = 'multipart.field.type'
const charset: ProblemId = 'multipart.charset'

const good: readonly Row<Accepted>[] = [
  [
    'transfer-binary',
    'Content-Transfer-Encoding binary',
    'RFC 7578 4.7',
    [f, plain, 'Content-Transfer-Encoding: binary'],
    oneFile,
  ],
  [
    'transfer-8bit',
    'Content-Transfer-Encoding 8bit',
    'RFC 7578 4.7',
    [a, plain, 'Content-Transfer-Encoding: 8bit'],
    oneField,
  ],
  [
    'transfer-7bit',
    'Content-Transfer-Encoding 7bit in capitals',
    'RFC 7578 4.7',
    [f, plain, 'Content-Transfer-Encoding: 7BIT'],
    oneFile,
  ],
  ['field-text', 'field of type text/plain', 'RFC 7578 4.4', [a, plain], oneField],
  [
    'field-text-utf8',
    'field of type text/plain with charset',
    'RFC 7578 5.1.2',
    [a, 'Content-Type: text/plain; charset=utf-8'],
    oneField,
  ],
  [
    'field-text-quoted',
    'field with quoted charset in capitals',
    'RFC 7578 5.1.2',
    [a, 'Content-Type: text/plain; charset="UTF-8"'],
    oneField,
  ],
  [
    'field-text-ascii',
    'field of charset us-ascii',
    'RFC 7578 5.1.2',
    [a, 'Content-Type: text/plain; charset=us-ascii'],
    oneField,
  ],
  [
    'field-json',
    'field of type application/json',
    'RFC 7578 4.4',
    [a, 'Content-Type: application/json'],
    fieldsOnly(['a', text, 'application/json']),
  ],
  [
    'field-json-utf8',
    'field of type application/json with charset',
    'RFC 7578 4.4',
    [a, 'Content-Type: application/json; charset=utf-8'],
    fieldsOnly(['a', text, 'application/json']),
  ],
  [
    'field-json-suffix',
    'field of a type with the suffix +json',
    'RFC 6839',
    [a, 'Content-Type: application/vnd.api+json'],
    fieldsOnly(['a', text, 'application/vnd.api+json']),
  ],
  [
    'field-xml',
    'field of type application/xml',
    'RFC 7578 4.4',
    [a, 'Content-Type: application/xml'],
    fieldsOnly(['a', text, 'application/xml']),
  ],
  [
    'file-parameters',
    'type of a file with parameters',
    'RFC 9110 8.3.1',
    [f, 'Content-Type: Text/Plain; charset="utf-8"'],
    oneFile,
  ],
  [
    'file-untyped',
    'file without a type',
    'RFC 7578 4.4',
    [f],
    { fields: [], files: [{ field: 'f', filename: 'a.txt', type: 'application/octet-stream', content: text }] },
  ],
  [
    'field-latin1-ascii',
    'field of ISO 8859-1 with ASCII only',
    'Apache HttpClient',
    [a, 'Content-Type: text/plain; charset=ISO-8859-1'],
    oneField,
  ],
]

const bad: readonly Row<Problem>[] = [
  [
    'transfer-base64',
    'Content-Transfer-Encoding base64',
    'MP-29',
    [f, plain, 'Content-Transfer-Encoding: base64'],
    encoding,
  ],
  [
    'transfer-quoted',
    'Content-Transfer-Encoding quoted-printable',
    'MP-29',
    [a, 'Content-Transfer-Encoding: quoted-printable'],
    encoding,
  ],
  [
    'transfer-unknown',
    'unknown Content-Transfer-Encoding',
    'MP-29',
    [a, 'Content-Transfer-Encoding: x-uuencode'],
    encoding,
  ],
  ['transfer-empty', 'empty Content-Transfer-Encoding', 'MP-29', [a, 'Content-Transfer-Encoding: '], encoding],
  [
    'content-encoding',
    'Content-Encoding of a part',
    'MP-40',
    [f, plain, 'Content-Encoding: gzip'],
    'multipart.content-encoding',
  ],
  [
    'nested-mixed',
    'multipart/mixed in a part',
    'MP-31',
    [disposition('name="f"'), 'Content-Type: multipart/mixed; boundary=inner'],
    'multipart.nested',
  ],
  [
    'nested-named',
    'multipart/mixed with a file name',
    'MP-31',
    [f, 'Content-Type: multipart/mixed; boundary=inner'],
    'multipart.nested',
  ],
  ['nested-message', 'message/rfc822', 'RFC 7578 4.3', [f, 'Content-Type: message/rfc822'], 'multipart.nested'],
  ['part-type-empty', 'empty Content-Type of a part', 'RFC 9110 8.3.1', [f, 'Content-Type: '], invalidType],
  ['part-type-word', 'Content-Type of one word', 'RFC 9110 8.3.1', [f, 'Content-Type: text'], invalidType],
  [
    'part-type-list',
    'two types in one header',
    'RFC 9110 8.3.1',
    [f, 'Content-Type: text/plain, image/png'],
    invalidType,
  ],
  [
    'part-type-junk',
    'parameter without a value',
    'RFC 9110 8.3.1',
    [f, 'Content-Type: text/plain; charset'],
    invalidType,
  ],
  [
    'field-octets',
    'application/octet-stream without a file name',
    'MP-13',
    [a, 'Content-Type: application/octet-stream'],
    fieldType,
  ],
  ['field-image', 'image/png without a file name', 'busboy', [a, 'Content-Type: image/png'], fieldType],
  ['field-utf16', 'field in utf-16le', 'MP-30', [a, 'Content-Type: text/plain; charset=utf-16le'], charset],
  ['field-utf7', 'field in utf-7', 'MP-30', [a, 'Content-Type: text/html; charset=utf-7'], charset],
  [
    'field-charset-unknown',
    'field in an unknown charset',
    'busboy',
    [a, 'Content-Type: text/plain; charset=bogus'],
    charset,
  ],
]

const charsetField = (value: string): Buffer => form(part([disposition('name="_charset_"')], value), part([a], text))

export const partTypeCases: readonly MultipartCase[] = [
  ...good.map(([id, title, source, headers, accept]) =>
    accepts({ id, title, source, body: form(part(headers, text)) }, accept),
  ),
  ...bad.map(([id, title, source, headers, problem]) =>
    refuses({ id, title, source, body: form(part(headers, text)) }, problem),
  ),
  accepts(
    { id: 'charset-utf8', title: '_charset_ of UTF-8', source: 'RFC 7578 4.6', body: charsetField('utf-8') },
    fieldsOnly(['_charset_', 'utf-8'], ['a', text]),
  ),
  refuses(
    {
      id: 'charset-latin1',
      title: '_charset_ of another charset',
      source: 'CRS 922100',
      body: charsetField('iso-8859-1'),
    },
    charset,
  ),
  refuses(
    {
      id: 'field-latin1',
      title: 'field of ISO 8859-1 with more than ASCII',
      source: 'RFC 7578 5.1.2',
      body: form(part([a, 'Content-Type: text/plain; charset=ISO-8859-1'], Uint8Array.of(0xe4))),
    },
    [charset, 'field.encoding'],
  ),
  refuses(
    {
      id: 'field-bytes',
      title: 'field that is not UTF-8',
      source: 'RFC 7578 5.1',
      body: form(part([a], Uint8Array.of(0x61, 0xff))),
    },
    'field.encoding',
  ),
]
