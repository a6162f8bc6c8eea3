/** Parameters of Content-Disposition that parsers read differently: RFC 7578 4.2, RFC 2183, RFC 2231. */
import type { Endpoint, ProbeCase } from '../case.ts'
import { controlReading, disposition, part } from '../material/form.ts'
import { formCase, ofParts, type Words } from './form-case.ts'

/** `name` is the parameter with the endpoint's field, `good` the control's file name, `bad` a program's. */
interface Parameters {
  readonly name: string
  readonly good: string
  readonly bad: string
}
type Row = readonly [...Words, parameters: (words: Parameters) => string]

const otherName = 'who looks at the other name sees a picture, and the application stores a program'

const twoReadings: readonly Row[] = [
  [
    'filename-twice',
    'two file names in one part',
    'CWE-436, RFC 2183 2',
    otherName,
    ({ name, good, bad }) => `${name}; filename="${good}"; filename="${bad}"`,
  ],
  [
    'filename-twice-case',
    'two file names, one in capitals',
    'CWE-436, RFC 2045 5.1',
    otherName,
    ({ name, good, bad }) => `${name}; filename="${good}"; FILENAME="${bad}"`,
  ],
  [
    'filename-extended',
    'filename* that says another name',
    'CWE-436, RFC 7578 4.2',
    otherName,
    ({ name, good, bad }) => `${name}; filename="${good}"; filename*=utf-8''${bad}`,
  ],
  [
    'filename-extended-alone',
    'filename* alone',
    'RFC 7578 4.2',
    'some parsers read a file, others a field of text',
    ({ name, bad }) => `${name}; filename*=utf-8''${bad}`,
  ],
  [
    'filename-continued',
    'a file name in two pieces beside a plain one',
    'CWE-436, RFC 2231 3',
    otherName,
    ({ name, good, bad }) =>
      `${name}; filename="${good}"; filename*0="${bad.slice(0, 5)}"; filename*1="${bad.slice(5)}"`,
  ],
  [
    'filename-unclosed',
    'a file name whose quote is not closed',
    'CWE-436, RFC 9110 5.6.4',
    'some parsers read the name, others drop the part without a word',
    ({ name, bad }) => `${name}; filename="${bad}`,
  ],
  [
    'filename-escaped-quote',
    'an escaped quote that hides where the file name ends',
    'CWE-116, RFC 9110 5.6.4',
    otherName,
    ({ name, good, bad }) => `${name}; filename="${good}\\"; x=\\"${bad}"`,
  ],
  [
    'filename-single-quotes',
    'a file name in single quotes before one in double quotes',
    'CWE-436, RFC 9110 5.6.4',
    otherName,
    ({ name, good, bad }) => `${name}; filename='${good}'; filename="${bad}"`,
  ],
  [
    'filename-no-semicolon',
    'no semicolon before the file name',
    'CWE-436, RFC 2183 2',
    'some parsers read a file, others a field, and a filter that looks for "; filename" reads none',
    ({ name, bad }) => `${name} filename="${bad}"`,
  ],
  [
    'filename-spaced',
    'spaces around the equals sign of the file name',
    'CWE-436, RFC 2045 5.1',
    'some parsers read a file, others a field, and a filter that looks for "filename=" reads none',
    ({ name, bad }) => `${name}; filename = "${bad}"`,
  ],
  [
    'filename-inside-name',
    'a second name inside the quoted file name',
    'CWE-436, RFC 9110 5.6.4',
    'parsers that split at semicolons take the inner name for the name of the field',
    ({ name, good }) => `${name}; filename="a;name=role;${good}"`,
  ],
  [
    'name-twice',
    'two names in one part',
    'CWE-436, CWE-235',
    'who looks at the other name takes the file for something else',
    ({ name, good }) => `${name}; name="role"; filename="${good}"`,
  ],
  [
    'name-missing',
    'a file without a name of its field',
    'RFC 7578 4.2',
    'the part is dropped or lands in a field that nobody expects',
    ({ good }) => `filename="${good}"`,
  ],
]

/** The last is the name that is to be read. */
const oneReading: readonly (readonly [...Row, read: (good: string) => string])[] = [
  [
    'parameters-unquoted',
    'parameters without quotes, in another order and case',
    'RFC 2045 5.1',
    'harmless, where it is read as the same name',
    ({ name, good }) => `FileName=${good}; ${name}`,
    (good) => good,
  ],
  [
    'parameters-quoted-semicolon',
    'a semicolon in a quoted file name',
    'RFC 9110 5.6.4',
    'harmless, where the name is read whole',
    ({ name, good }) => `${name}; filename="a; ${good}"`,
    (good) => `a; ${good}`,
  ],
]

function disposed(endpoint: Endpoint, parameters: Row[4]): Buffer {
  const { field, control } = endpoint
  const words = { name: `name="${field}"`, good: control.filename, bad: 'probe.php' }
  return part([disposition(parameters(words)), `Content-Type: ${control.type}`], control.content)
}

export const dispositionCases: readonly ProbeCase[] = [
  ...twoReadings.map(([id, title, why, through, parameters]) =>
    formCase('multipart', 'refuses', [id, title, why, through], (endpoint) =>
      ofParts(endpoint, [disposed(endpoint, parameters)]),
    ),
  ),
  ...oneReading.map(([id, title, why, through, parameters, read]) =>
    formCase('multipart', 'reads alike', [id, title, why, through], (endpoint) =>
      ofParts(endpoint, [disposed(endpoint, parameters)], controlReading(endpoint, read(endpoint.control.filename))),
    ),
  ),
]
