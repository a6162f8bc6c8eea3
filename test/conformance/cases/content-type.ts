/** The Content-Type of the request: RFC 9110 8.3.1, RFC 2046 5.1.1 (boundary). */
import type { ProblemId } from '../../../src/problems/catalogue.ts'
import { accepts, boundary, field, fieldsOnly, formWith, type MultipartCase, refuses } from './build.ts'

type Good = readonly [id: string, title: string, source: string, contentType: string, boundary?: string]

const longest = 'b'.repeat(70)

const good: readonly Good[] = [
  ['type-quoted', 'quoted boundary', 'MP-32', 'multipart/form-data; boundary="q-1"', 'q-1'],
  ['type-quoted-space', 'space in a quoted boundary', 'MP-32', 'multipart/form-data; boundary="q 1"', 'q 1'],
  ['type-quoted-comma', 'comma in a quoted boundary', 'RFC 2046 5.1.1', 'multipart/form-data; boundary="q,1"', 'q,1'],
  [
    'type-specials',
    'unquoted characters that RFC 2045 wants quoted, as old clients send them',
    'RFC 2045 5.1',
    "multipart/form-data; boundary='()+_-./:=?1",
    "'()+_-./:=?1",
  ],
  ['type-single-quotes', 'single quotes belong to the boundary', 'MP-08', "multipart/form-data; boundary='b'", "'b'"],
  ['type-shortest', 'boundary of one character', 'RFC 2046 5.1.1', 'multipart/form-data; boundary=b', 'b'],
  ['type-longest', 'boundary of 70 characters', 'RFC 2046 5.1.1', `multipart/form-data; boundary=${longest}`, longest],
  ['type-hyphens', 'boundary of hyphens only', 'RFC 2046 5.1.1', 'multipart/form-data; boundary=---', '---'],
  [
    'type-case',
    'media type and parameter name in another case',
    'RFC 9110 8.3.1',
    'Multipart/Form-Data; BOUNDARY=b',
    'b',
  ],
  [
    'type-charset-before',
    'charset before the boundary',
    'ordinary client',
    'multipart/form-data; charset=utf-8; boundary=b',
    'b',
  ],
  [
    'type-charset-after',
    'charset after the boundary',
    'ordinary client',
    'multipart/form-data; boundary=b; charset=UTF-8',
    'b',
  ],
  ['type-no-space', 'no space after the semicolon', 'RFC 9110 5.6.6', 'multipart/form-data;boundary=b', 'b'],
]

type Bad = readonly [
  id: string,
  title: string,
  source: string,
  contentType: string,
  problem: ProblemId | readonly ProblemId[],
]

const invalidType: ProblemId = 'multipart.type.invalid'
const invalidBoundary: ProblemId = 'multipart.boundary.invalid'
const emptyBoundary: readonly ProblemId[] = [invalidBoundary, 'multipart.boundary.missing', invalidType]
const otherType: readonly ProblemId[] = [invalidType, 'route.channel']

const bad: readonly Bad[] = [
  ['type-no-boundary', 'no boundary', 'RFC 7578 4.1', 'multipart/form-data', 'multipart.boundary.missing'],
  ['type-empty', 'empty boundary', 'MP-32', 'multipart/form-data; boundary=', emptyBoundary],
  ['type-empty-quoted', 'empty quoted boundary', 'MP-32', 'multipart/form-data; boundary=""', emptyBoundary],
  [
    'type-too-long',
    'boundary of 71 characters',
    'RFC 2046 5.1.1',
    `multipart/form-data; boundary=${longest}b`,
    invalidBoundary,
  ],
  ['type-huge', 'boundary of 4 KiB', 'MP-38', `multipart/form-data; boundary=${'b'.repeat(4096)}`, invalidBoundary],
  [
    'type-ends-in-space',
    'boundary that ends in a space',
    'RFC 2046 5.1.1',
    'multipart/form-data; boundary="b "',
    invalidBoundary,
  ],
  [
    'type-semicolon',
    'semicolon in a quoted boundary',
    'MP-32',
    'multipart/form-data; boundary="b;c"',
    [invalidBoundary, invalidType],
  ],
  [
    'type-comma',
    'comma in an unquoted boundary',
    'MP-32',
    'multipart/form-data; boundary=b,c',
    [invalidBoundary, invalidType],
  ],
  [
    'type-bad-character',
    'character that no boundary may have',
    'RFC 2046 5.1.1',
    'multipart/form-data; boundary=b@c',
    [invalidBoundary, invalidType],
  ],
  [
    'type-backslash',
    'backslash in a quoted boundary',
    'MP-09',
    'multipart/form-data; boundary="b\\c"',
    [invalidBoundary, invalidType],
  ],
  [
    'type-open-quote',
    'quote that is not closed',
    'MP-07',
    'multipart/form-data; boundary="b',
    [invalidType, invalidBoundary],
  ],
  [
    'type-twice',
    'two boundaries',
    'CVE-2026-26961',
    'multipart/form-data; boundary=b; boundary=c',
    'multipart.boundary.duplicate',
  ],
  [
    'type-twice-equal',
    'the same boundary twice',
    'CVE-2026-26961',
    'multipart/form-data; boundary=b; boundary=b',
    'multipart.boundary.duplicate',
  ],
  [
    'type-twice-case',
    'two boundaries in different case',
    'CVE-2026-26961',
    'multipart/form-data; boundary=b; Boundary=c',
    'multipart.boundary.duplicate',
  ],
  ['type-extended', 'extended boundary', 'RFC 2231 4', "multipart/form-data; boundary*=utf-8''b", invalidType],
  [
    'type-continued',
    'continued boundary',
    'RFC 2231 3',
    'multipart/form-data; boundary*0=b; boundary*1=c',
    invalidType,
  ],
  [
    'type-decoy',
    'continued boundary beside a plain one',
    'WAFFLED',
    'multipart/form-data; boundary=b; boundary*0=c',
    [invalidType, 'multipart.boundary.duplicate'],
  ],
  ['type-trailing-semicolon', 'trailing semicolon', 'MP-32', 'multipart/form-data; boundary=b;', invalidType],
  ['type-two-semicolons', 'empty parameter', 'MP-32', 'multipart/form-data;; boundary=b', invalidType],
  ['type-spaced-equals', 'spaces around the equals sign', 'MP-32', 'multipart/form-data; boundary = b', invalidType],
  ['type-junk', 'junk after the quoted boundary', 'MP-32', 'multipart/form-data; boundary="b"c', invalidType],
  [
    'type-list',
    'list of two types',
    'MP-34',
    'multipart/form-data; boundary=b, multipart/form-data; boundary=c',
    [invalidType, invalidBoundary],
  ],
  [
    'type-charset-foreign',
    'another charset than UTF-8',
    'MP-30',
    'multipart/form-data; boundary=b; charset=utf-16le',
    'multipart.charset',
  ],
  ['type-mixed', 'multipart/mixed', 'MP-35', 'multipart/mixed; boundary=b', otherType],
  ['type-suffix', 'type that only begins like form-data', 'busboy', 'multipart/form-datax; boundary=b', otherType],
]

export const contentTypeCases: readonly MultipartCase[] = [
  ...good.map(([id, title, source, contentType, delimiter = boundary]) =>
    accepts({ id, title, source, contentType, body: formWith(delimiter, field('a')) }, fieldsOnly(['a', 'value'])),
  ),
  ...bad.map(([id, title, source, contentType, problem]) =>
    refuses({ id, title, source, contentType, body: formWith('b', field('a')) }, problem),
  ),
]
