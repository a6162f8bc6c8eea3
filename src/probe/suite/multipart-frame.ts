/** Boundaries, delimiters and what stands outside of them: RFC 2046 5.1.1, RFC 9110 8.3. */
import type { Endpoint, ProbeCase } from '../case.ts'
import { boundary, controlPart, controlReading, crlf, fieldPart, form, formType, join } from '../material/form.ts'
import { type CraftedForm, formCase, type Words } from './form-case.ts'

type Row = readonly [...Words, craft: (endpoint: Endpoint) => Omit<CraftedForm, 'intended'>]

const open = `--${boundary}`
const usual = (endpoint: Endpoint): Buffer => form(endpoint, [controlPart(endpoint)])
const withoutEnd = (endpoint: Endpoint): Buffer => {
  const whole = usual(endpoint)
  return whole.subarray(0, whole.length - `${open}--${crlf}`.length)
}
/** A field that stands where a strict reader sees no part. */
const hidden = join(open, crlf, fieldPart('role', 'admin'), crlf)
const hiddenReads = 'lax parsers read a field that a stricter one in front has not seen'
const truncatedStays = 'half an upload is taken for a whole one'
/** The form in another boundary's delimiters behind one that is empty. */
const twoForms = (endpoint: Endpoint, first: string, second: string): Buffer =>
  join(
    form({ ...endpoint, fields: [] }, [fieldPart('role', 'user')], first),
    form(endpoint, [controlPart(endpoint)], second),
  )

const twoReadings: readonly Row[] = [
  [
    'boundary-twice',
    'two boundaries in the Content-Type',
    'CWE-436, RFC 2045 5.1',
    'who takes the other boundary reads another form',
    (endpoint) => ({
      body: twoForms(endpoint, 'first1', boundary),
      contentType: `multipart/form-data; boundary=first1; boundary=${boundary}`,
    }),
  ],
  [
    'boundary-extended',
    'a boundary in pieces beside a plain one',
    'CWE-436, RFC 2231 3',
    'who joins the pieces reads another form',
    (endpoint) => ({
      body: twoForms(endpoint, 'first1', boundary),
      contentType: `multipart/form-data; boundary=${boundary}; boundary*0=fir; boundary*1=st1`,
    }),
  ],
  [
    'boundary-comma',
    'a Content-Type that is a list of two',
    'CWE-436, RFC 9110 8.3',
    'who takes the other type reads another form',
    (endpoint) => ({ body: usual(endpoint), contentType: `${formType}, multipart/form-data; boundary=first1` }),
  ],
  [
    'boundary-trailing',
    'something after the quoted boundary',
    'RFC 9110 5.6.6',
    'who cuts the boundary elsewhere reads another form',
    (endpoint) => ({ body: usual(endpoint), contentType: `multipart/form-data; boundary="${boundary}"x` }),
  ],
  [
    'type-look-alike',
    'a media type that only begins like multipart/form-data',
    'CWE-436, RFC 9110 8.3.1',
    'filters for multipart bodies do not look at it, and the application reads a form',
    (endpoint) => ({ body: usual(endpoint), contentType: `multipart/form-datax; boundary=${boundary}` }),
  ],
  [
    'type-mixed',
    'multipart/mixed in place of multipart/form-data',
    'CWE-436, RFC 7578 4.1',
    'filters for forms do not look at it, and the application reads one',
    (endpoint) => ({ body: usual(endpoint), contentType: `multipart/mixed; boundary=${boundary}` }),
  ],
  [
    'content-type-twice',
    'two Content-Type header fields',
    'CWE-436, RFC 9110 5.3',
    'who takes the other one sees no form at all',
    (endpoint) => ({ body: usual(endpoint), lines: ['Content-Type: text/plain'] }),
  ],
  [
    'end-missing',
    'no closing delimiter',
    'RFC 2046 5.1.1',
    truncatedStays,
    (endpoint) => ({ body: withoutEnd(endpoint) }),
  ],
  [
    'end-half',
    'a closing delimiter without its last hyphen',
    'RFC 2046 5.1.1',
    truncatedStays,
    (endpoint) => ({ body: join(withoutEnd(endpoint), `${open}-`) }),
  ],
  [
    'epilogue-part',
    'a further part after the closing delimiter',
    'CWE-436, RFC 2046 5.1.1',
    hiddenReads,
    (endpoint) => ({ body: join(usual(endpoint), hidden, `${open}--${crlf}`) }),
  ],
  [
    'preamble-part',
    'a delimiter inside a line before the first one',
    'CWE-436, RFC 2046 5.1.1',
    hiddenReads,
    (endpoint) => ({ body: join('x', hidden, usual(endpoint)) }),
  ],
  [
    'delimiter-longer',
    'a line of the file that begins with the boundary and goes on',
    'CWE-436, RFC 2046 5.1.1',
    'parsers end the file there and lose the rest without a word',
    (endpoint) => {
      const { control } = endpoint
      const content = join(control.content, crlf, open, 'xyz', crlf, 'rest')
      return { body: form(endpoint, [controlPart({ ...endpoint, control: { ...control, content } })]) }
    },
  ],
  [
    'lines-lf',
    'LF in place of every CRLF of the form',
    'CWE-436, RFC 2046 4.1.1',
    'parsers differ in where parts begin and end',
    (endpoint) => ({ body: Buffer.from(usual(endpoint).toString('latin1').replaceAll(crlf, '\n'), 'latin1') }),
  ],
]

const oneReading: readonly Row[] = [
  [
    'boundary-quoted',
    'a quoted boundary with a space',
    'RFC 2046 5.1.1',
    'harmless, where the boundary is read whole',
    (endpoint) => ({
      body: form(endpoint, [controlPart(endpoint)], 'probe 7f3a'),
      contentType: 'multipart/form-data; boundary="probe 7f3a"',
    }),
  ],
  [
    'delimiter-padding',
    'spaces after a delimiter',
    'RFC 2046 5.1.1',
    'allowed; some parsers lose the part without a word',
    (endpoint) => ({
      body: Buffer.from(usual(endpoint).toString('latin1').replace(`${open}${crlf}`, `${open}  ${crlf}`), 'latin1'),
    }),
  ],
  [
    'preamble-text',
    'text before the first delimiter',
    'RFC 2046 5.1.1',
    'allowed, and to be passed over',
    (endpoint) => ({ body: join('This is a form.', crlf, usual(endpoint)) }),
  ],
  [
    'epilogue-text',
    'text after the closing delimiter',
    'RFC 2046 5.1.1',
    'allowed, and to be passed over',
    (endpoint) => ({ body: join(usual(endpoint), 'This was a form.', crlf) }),
  ],
]

export const frameCases: readonly ProbeCase[] = [
  ...twoReadings.map(([id, title, why, through, craft]) =>
    formCase('multipart', 'refuses', [id, title, why, through], (endpoint) => ({ ...craft(endpoint), intended: null })),
  ),
  ...oneReading.map(([id, title, why, through, craft]) =>
    formCase('multipart', 'reads alike', [id, title, why, through], (endpoint) => ({
      ...craft(endpoint),
      intended: controlReading(endpoint),
    })),
  ),
]
