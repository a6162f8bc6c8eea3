import type { Endpoint, ProbeCase } from '../case.ts'
import { controlPart, controlReading, crlf, form, join, requestBytes, type Wire } from '../material/form.ts'

export interface Framed extends Wire {
  readonly body: Buffer
}
/** How the body of a harmless form is framed. */
export type FramingRow = readonly [
  id: string,
  title: string,
  why: string,
  through: string,
  frame: (body: Buffer, endpoint: Endpoint) => Framed,
]

export const hides = 'in a chain of servers, the request of one client hides in the body of another'
export const chunked = 'Transfer-Encoding: chunked'
export const length = (bytes: number): string => `Content-Length: ${bytes}`

export function chunks(body: Buffer, size = body.length.toString(16), after = crlf): Buffer {
  return join(size, after, body, crlf, `0${crlf}${crlf}`)
}

/** `hides`: a request is hidden in the body, and the connection stays open for its answer. */
export function framingCase(
  [id, title, why, through, frame]: FramingRow,
  kind: 'hides' | 'refuses' | 'reads alike',
): ProbeCase {
  const sound = kind === 'reads alike' ? kind : 'refuses'
  const build: ProbeCase['build'] = (endpoint) => {
    const { body, ...wire } = frame(form(endpoint, [controlPart(endpoint)]), endpoint)
    const bytes = requestBytes(endpoint, body, kind === 'hides' ? { ...wire, close: false } : wire)
    return { bytes, intended: kind === 'reads alike' ? controlReading(endpoint) : null, hides: kind === 'hides' }
  }
  return { id: `framing.${id}`, family: 'framing', title, why, through, sound, build }
}
