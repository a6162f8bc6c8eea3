/** Parameters of Content-Disposition: RFC 7578 4.2, RFC 2183, RFC 2231. */
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
  textFile,
  textFileNamed,
} from './build.ts'

type Row<Expected> = readonly [id: string, title: string, source: string, parameters: string, expected: Expected]

const file = textFileNamed

const goodFiles: readonly Row<Accepted>[] = [
  ['unquoted', 'values without quotes', 'MP-06', 'name=f; filename=a.txt', file('a.txt')],
  ['parameter-case', 'parameter names in another case', 'RFC 2231', 'NAME="f"; FileName="a.txt"', file('a.txt')],
  ['parameter-order', 'file name before the name', 'RFC 7578 4.2', 'filename="a.txt"; name="f"', file('a.txt')],
  ['no-space', 'no space between parameters', 'RFC 2183 2', 'name="f";filename="a.txt"', file('a.txt')],
  ['single-quotes', 'single quotes belong to the value', 'MP-08', "name='f'; filename='a.txt'", file("'a.txt'", "'f'")],
  [
    'quoted-semicolon',
    'semicolon in a quoted file name',
    'MP-11',
    'name="f"; filename="report; final.txt"',
    file('report; final.txt'),
  ],
  ['quoted-equals', 'equals sign in a quoted file name', 'MP-11', 'name="f"; filename="a=b.txt"', file('a=b.txt')],
  [
    'mime-parameters',
    'size and dates of MIME are dropped',
    'RFC 2183 2.4',
    'name="f"; filename="a.txt"; size=15; creation-date="Wed, 12 Feb 1997 16:29:51 -0500"',
    file('a.txt'),
  ],
  [
    'extended-equal',
    'filename* that agrees',
    'React Native',
    'name="f"; filename="a.txt"; filename*=utf-8\'\'a.txt',
    file('a.txt'),
  ],
  [
    'extended-equal-unicode',
    'filename* that agrees with UTF-8',
    'RFC 8187 3.2',
    'name="f"; filename="naïve.txt"; filename*=UTF-8\'\'na%C3%AFve.txt',
    file('naïve.txt'),
  ],
  [
    'extended-first',
    'filename* before filename',
    'RFC 8187 3.2',
    'name="f"; filename*=utf-8\'\'a%20b.txt; filename="a b.txt"',
    file('a b.txt'),
  ],
  [
    'encoded-word',
    'encoded word that agrees with filename*',
    '.NET HttpClient',
    'name=f; filename="=?utf-8?B?bmHDr3ZlLnR4dA==?="; filename*=utf-8\'\'na%C3%AFve.txt',
    file('naïve.txt'),
  ],
]

type Problem = ProblemId | readonly ProblemId[]
const malformed: ProblemId = 'multipart.disposition.malformed'
const parameter: ProblemId = 'multipart.disposition.parameter'
const conflict: ProblemId = 'multipart.filename.conflict'
const ambiguous: ProblemId = 'multipart.quoting.ambiguous'
const nameMissing: ProblemId = 'multipart.name.missing'
const repeated: readonly ProblemId[] = [malformed, parameter]

const bad: readonly Row<Problem>[] = [
  [
    'filename-twice',
    'two file names',
    'MP-01',
    'name="f"; filename="a.txt"; filename="b.txt"',
    'multipart.filename.duplicate',
  ],
  [
    'filename-twice-equal',
    'the same file name twice',
    'MP-01',
    'name="f"; filename="a.txt"; filename="a.txt"',
    'multipart.filename.duplicate',
  ],
  [
    'filename-twice-case',
    'two file names in different case',
    'MP-01',
    'name="f"; filename="a.txt"; FILENAME="b.txt"',
    'multipart.filename.duplicate',
  ],
  ['name-twice', 'two names', 'MP-02', 'name="a"; name="b"', 'multipart.name.duplicate'],
  [
    'name-twice-around',
    'names before and after the file name',
    'MP-02',
    'name="a"; filename="a.txt"; name="b"',
    'multipart.name.duplicate',
  ],
  [
    'extended-differs',
    'filename* that differs',
    'MP-03',
    'name="f"; filename="a.txt"; filename*=utf-8\'\'b.php',
    conflict,
  ],
  ['extended-alone', 'filename* alone', 'MP-04', 'name="f"; filename*=utf-8\'\'a.txt', conflict],
  [
    'extended-charset',
    'filename* of an unknown charset',
    'busboy',
    'name="f"; filename="a.txt"; filename*=bogus\'\'a.txt',
    [conflict, parameter, 'multipart.charset'],
  ],
  [
    'extended-utf16',
    'filename* of utf-16',
    'busboy',
    'name="f"; filename="a.txt"; filename*=utf-16\'\'a.txt',
    [conflict, parameter, 'multipart.charset'],
  ],
  [
    'extended-nul',
    'filename* with an encoded NUL',
    'busboy',
    'name="f"; filename="a.txt"; filename*=utf-8\'\'a.txt%00',
    [conflict, parameter, malformed],
  ],
  [
    'extended-broken',
    'filename* with a broken escape',
    'RFC 8187 3.2',
    'name="f"; filename="a.txt"; filename*=utf-8\'\'a%2',
    [conflict, parameter, malformed],
  ],
  [
    'extended-twice',
    'two filename*',
    'MP-03',
    'name="f"; filename="a.txt"; filename*=utf-8\'\'a.txt; filename*=utf-8\'\'a.txt',
    ['multipart.filename.duplicate', conflict, parameter],
  ],
  ['extended-name', 'name*', 'RFC 7578 4.2', "name*=utf-8''a", parameter],
  ['extended-name-beside', 'name* beside name', 'RFC 7578 4.2', 'name="a"; name*=utf-8\'\'b', parameter],
  ['continued-filename', 'continued file name', 'MP-05', 'name="f"; filename*0="a."; filename*1="php"', parameter],
  [
    'continued-decoy',
    'continued file name beside a plain one',
    'MP-05',
    'name="f"; filename="a.txt"; filename*0="a.php"',
    parameter,
  ],
  ['open-quote', 'quote that is not closed', 'MP-07', 'name="f"; filename="a.txt', malformed],
  ['open-quote-name', 'name whose quote is not closed', 'MP-07', 'name="a', malformed],
  ['escaped-quote', 'escaped quote in a file name', 'MP-09', 'name="f"; filename="a\\".txt; x=.php"', ambiguous],
  ['escaped-quote-name', 'escaped quote in a name', 'MP-09', 'name="a\\"b"', ambiguous],
  [
    'final-backslash',
    'file name that ends in a backslash',
    'Chromium',
    'name="f"; filename="a\\"',
    [ambiguous, malformed],
  ],
  ['trailing-semicolon', 'trailing semicolon', 'busboy', 'name="a";', malformed],
  ['two-semicolons', 'empty parameter', 'busboy', 'name="f";; filename="a.txt"', malformed],
  ['spaced-equals', 'spaces around the equals sign', 'busboy', 'name = "a"', malformed],
  ['space-after-equals', 'space after the equals sign', 'busboy', 'name= "a"', malformed],
  ['unquoted-space', 'space in an unquoted value', 'busboy', 'name=a b', malformed],
  [
    'unquoted-slash',
    'slash in an unquoted value',
    'RFC 9110 5.6.2',
    'name="f"; filename=a/b.txt',
    [malformed, 'file.name.path'],
  ],
  ['unquoted-unicode', 'UTF-8 in an unquoted value', 'RFC 9110 5.6.2', 'name="f"; filename=naïve.txt', malformed],
  ['junk-after-value', 'junk after a quoted value', 'busboy', 'name="a"b', malformed],
  ['no-semicolon', 'parameters without a semicolon between them', 'busboy', 'name="f" filename="a.txt"', malformed],
  ['no-value', 'parameter without a value', 'RFC 2183 2', 'name="f"; filename', malformed],
  ['unknown-parameter', 'unknown parameter', 'RFC 7578 4.2', 'name="a"; x="1"', parameter],
  ['handling', 'handling parameter', 'RFC 3204 4', 'name="a"; handling=optional', parameter],
  ['repeated-parameter', 'MIME parameter twice', 'RFC 2183 2', 'name="f"; filename="a.txt"; size=1; size=2', repeated],
  ['name-missing', 'no name', 'MP-15', 'filename="a.txt"', nameMissing],
  ['name-empty', 'empty name', 'CVE-2025-48997', 'name=""', nameMissing],
  ['name-valueless', 'name without a value', 'MP-15', 'name=; filename="a.txt"', [malformed, nameMissing]],
]

const emptyInput = (type: readonly string[], content: string): Buffer =>
  form(part([disposition('name="f"; filename=""'), ...type], content))
const noneChosen: Accepted = {
  fields: [],
  files: [{ field: 'f', filename: '', type: 'application/octet-stream', content: '' }],
}
const octets = ['Content-Type: application/octet-stream']

export const dispositionCases: readonly MultipartCase[] = [
  ...goodFiles.map(([id, title, source, parameters, accept]) =>
    accepts({ id, title, source, body: textFile(parameters) }, accept),
  ),
  ...bad.map(([id, title, source, parameters, problem]) =>
    refuses({ id, title, source, body: textFile(parameters) }, problem),
  ),
  refuses(
    {
      id: 'disposition-bare',
      title: 'form-data without parameters',
      source: 'MP-15',
      body: form(part(['Content-Disposition: form-data'])),
    },
    nameMissing,
  ),
  accepts(
    {
      id: 'empty-input',
      title: 'file input in which nothing was chosen',
      source: 'MP-14',
      body: emptyInput(octets, ''),
    },
    noneChosen,
  ),
  accepts(
    { id: 'empty-input-untyped', title: 'the same without a type', source: 'MP-14', body: emptyInput([], '') },
    noneChosen,
  ),
  refuses(
    {
      id: 'empty-name-content',
      title: 'content under an empty file name',
      source: 'MP-14',
      body: emptyInput(octets, 'data'),
    },
    'multipart.filename.missing',
  ),
  refuses(
    { id: 'empty-name-untyped', title: 'the same without a type', source: 'MP-14', body: emptyInput([], 'data') },
    'multipart.filename.missing',
  ),
  accepts(
    {
      id: 'empty-file',
      title: 'empty file with a name',
      source: 'RFC 7578 4.2',
      body: form(part([disposition('name="f"; filename="a.txt"'), 'Content-Type: text/plain'], '')),
    },
    { fields: [], files: [{ field: 'f', filename: 'a.txt', type: 'text/plain', content: '' }] },
  ),
  accepts(
    {
      id: 'empty-field',
      title: 'field with an empty value',
      source: 'RFC 7578 4.2',
      body: form(part([disposition('name="a"')], '')),
    },
    fieldsOnly(['a', '']),
  ),
]
