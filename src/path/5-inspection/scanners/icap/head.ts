import { badAnswer, type Incoming, longestSection, type Reading, readSome, readUntil } from './incoming.ts'

export interface Head {
  readonly status: number
  readonly reason: string
  /** Lower-case names; lines that continue a field, and fields of the same name, are kept apart by LF. */
  readonly fields: ReadonlyMap<string, string>
}

/** Status line and header section of an ICAP answer (RFC 3507 section 4.3). */
export function* readHead(incoming: Incoming): Reading<Head> {
  const head = parseHead(yield* readUntil(incoming, '\r\n\r\n'), /^ICAP\/1\.\d (\d{3})(?: (.*))?$/)
  if (!head) throw badAnswer('garbage')
  return head
}

/** The HTTP message that an ICAP answer carries. */
export interface Encapsulated {
  /** Null where it carries none. */
  readonly kind: 'request' | 'response' | null
  /** 0 for a request. */
  readonly status: number
  readonly reason: string
  readonly body: boolean
}

/** What the Encapsulated header announces (RFC 3507 section 4.4.1), its HTTP header sections read. */
export function* readEncapsulated(incoming: Incoming, { fields }: Head): Reading<Encapsulated> {
  const sections = parseSections(fields.get('encapsulated') ?? 'null-body=0')
  const last = sections.at(-1)
  if (!last || last.offset > longestSection) throw badAnswer('garbage')
  const text = yield* readText(incoming, last.offset)
  const body = last.name !== 'null-body'
  const header = sections.findLast(({ name }) => name.endsWith('-hdr'))
  if (!header) return { kind: null, status: 0, reason: '', body }
  if (header.name === 'req-hdr') return { kind: 'request', status: 0, reason: '', body }
  const http = parseHead(text.slice(header.offset), /^HTTP\/\d\.\d (\d{3})(?: (.*))?$/)
  if (!http) throw badAnswer('garbage')
  return { kind: 'response', status: http.status, reason: http.reason, body }
}

function* readText(incoming: Incoming, length: number): Reading<string> {
  let text = ''
  while (text.length < length) text += (yield* readSome(incoming, length - text.length)).toString('latin1')
  return text
}

interface Section {
  readonly name: string
  readonly offset: number
}

/** Header sections in the order of their offsets, then the body; nothing else. */
function parseSections(value: string): Section[] {
  const sections = value.split(',').map((item) => {
    const [, name = '', offset = ''] =
      /^\s*(req-hdr|res-hdr|req-body|res-body|opt-body|null-body)=(\d{1,9})\s*$/.exec(item) ?? []
    return { name, offset: Number(offset) }
  })
  const ordered = sections.every(({ name, offset }, index) => {
    const isLast = index === sections.length - 1
    return name.endsWith('-body') === isLast && offset >= (sections[index - 1]?.offset ?? 0)
  })
  return ordered ? sections : []
}

function parseHead(text: string, startLine: RegExp): Head | null {
  const [start = '', ...lines] = text.split('\r\n')
  const [matched, status = '', reason = ''] = startLine.exec(start) ?? []
  if (matched === undefined) return null
  const fields = new Map<string, string>()
  let name = ''
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (/^[ \t]/.test(line)) fields.set(name, `${fields.get(name) ?? ''}\n${line.trim()}`)
    else if (colon > 0) {
      name = line.slice(0, colon).trim().toLowerCase()
      const value = line.slice(colon + 1).trim()
      const before = fields.get(name)
      fields.set(name, before === undefined ? value : `${before}\n${value}`)
    }
  }
  return { status: Number(status), reason, fields }
}
