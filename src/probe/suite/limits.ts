/** More of something than any form needs, within bounds that a server of any size bears. */
import type { Endpoint, ProbeCase } from '../case.ts'
import { boundary, controlPart, disposition, fieldPart, filePart, form, part } from '../material/form.ts'
import { type CraftedForm, formCase, type Words } from './form-case.ts'

type Row = readonly [...Words, craft: (endpoint: Endpoint) => Omit<CraftedForm, 'intended'>]

const memory = 'whoever sends many of them fills the memory'
const long = (length: number): string => 'a'.repeat(length)
const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** A form of these parts before the one with the control file. */
const before = (endpoint: Endpoint, parts: readonly Buffer[]): Pick<CraftedForm, 'body'> => ({
  body: form(endpoint, [...parts, controlPart(endpoint)]),
})

interface Excess {
  readonly lines?: readonly string[]
  readonly parameters?: string
  readonly prefix?: string
}

/** A form of the control file whose part has more than it needs. */
function withFile(endpoint: Endpoint, { lines = [], parameters = '', prefix = '' }: Excess): Pick<CraftedForm, 'body'> {
  const { field, control } = endpoint
  const named = disposition(`name="${field}"; filename="${prefix}${control.filename}"${parameters}`)
  return { body: form(endpoint, [part([named, `Content-Type: ${control.type}`, ...lines], control.content)]) }
}

function manyFiles(endpoint: Endpoint): Pick<CraftedForm, 'body'> {
  const { field, control } = endpoint
  const file = (index: number) => filePart(field, `${index}-${control.filename}`, control.type, control.content)
  return { body: form(endpoint, times(500, file)) }
}

const rows: readonly Row[] = [
  [
    'fields',
    '10,000 fields',
    'CWE-770',
    memory,
    (endpoint) =>
      before(
        endpoint,
        times(10_000, (index) => fieldPart(`f${index}`, 'a')),
      ),
  ],
  [
    'fields-same-name',
    '2,000 fields of one name',
    'CWE-770, CWE-235',
    memory,
    (endpoint) =>
      before(
        endpoint,
        times(2000, () => fieldPart('f', 'a')),
      ),
  ],
  ['files', '500 files', 'CWE-770', 'each costs a file, a scan and a place on the disk', manyFiles],
  [
    'empty-parts',
    '2,000 parts without a name or content',
    'CWE-770',
    memory,
    (endpoint) =>
      before(
        endpoint,
        times(2000, () => part([disposition('name=""')], '')),
      ),
  ],
  [
    'field-size',
    'a field of 1 MiB',
    'CWE-770',
    memory,
    (endpoint) => before(endpoint, [fieldPart('note', long(2 ** 20))]),
  ],
  [
    'field-name',
    'a field with a name of 64 KiB',
    'CWE-770',
    memory,
    (endpoint) => before(endpoint, [fieldPart(long(2 ** 16), 'a')]),
  ],
  [
    'field-depth',
    'a field with a name of 500 levels',
    'CWE-674',
    'parsers that build objects of it recurse too deep',
    (endpoint) => before(endpoint, [fieldPart(`a${'[b]'.repeat(500)}`, 'c')]),
  ],
  [
    'file-name',
    'a file name of 5,000 letters',
    'CWE-770',
    'file systems end at 255 bytes: the name is cut, and with it the extension',
    (endpoint) => withFile(endpoint, { prefix: long(5000) }),
  ],
  [
    'part-header',
    'a part with a header line of 64 KiB',
    'CWE-770',
    memory,
    (endpoint) => withFile(endpoint, { lines: [`X-A: ${long(2 ** 16)}`] }),
  ],
  [
    'part-headers',
    'a part with 1,000 header lines',
    'CWE-770',
    memory,
    (endpoint) => withFile(endpoint, { lines: times(1000, (index) => `X-${index}: a`) }),
  ],
  [
    'parameters',
    'a Content-Disposition of 1,000 parameters',
    'CWE-407',
    'parsers that compare each with each take long',
    (endpoint) => withFile(endpoint, { parameters: times(1000, (index) => `; p${index}=a`).join('') }),
  ],
  [
    'boundary',
    'a boundary of 1,000 letters',
    'RFC 2046 5.1.1',
    'the longest that is allowed has 70',
    (endpoint) => ({
      body: form(endpoint, [controlPart(endpoint)], `${boundary}${long(1000)}`),
      contentType: `multipart/form-data; boundary=${boundary}${long(1000)}`,
    }),
  ],
  [
    'header',
    'a header field of 64 KiB',
    'CWE-770, RFC 6585 5',
    memory,
    (endpoint) => ({ ...before(endpoint, []), lines: [`X-Probe: ${long(2 ** 16)}`] }),
  ],
  [
    'headers',
    '1,000 header fields',
    'CWE-770, RFC 6585 5',
    memory,
    (endpoint) => ({ ...before(endpoint, []), lines: times(1000, (index) => `X-Probe-${index}: a`) }),
  ],
]

export const limitCases: readonly ProbeCase[] = rows.map(([id, title, why, through, craft]) =>
  formCase('limits', 'refuses', [id, title, why, through], (endpoint) => ({ ...craft(endpoint), intended: null })),
)
