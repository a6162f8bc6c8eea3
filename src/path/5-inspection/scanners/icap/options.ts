import { plain } from '../../../../printable.ts'
import type { Connection } from '../connection/connection.ts'
import type { Dialogue, Outcome } from '../connection/dialogue.ts'
import { unscanned } from '../faults.ts'
import { type Head, readEncapsulated, readHead } from './head.ts'
import type { Incoming, Reading } from './incoming.ts'
import { readDialogue } from './read-dialogue.ts'
import { optionsRequest } from './request.ts'
import type { Service } from './service.ts'
import { failure } from './statement.ts'

/** What a service says of itself (RFC 3507 section 4.10.2). */
export interface ServiceOptions {
  /** Bytes that it wants to see before it says whether it wants the rest; null where it does not do so. */
  readonly preview: number | null
  /** Connections that it serves at a time. */
  readonly connections: number
  /** Changes with its signatures, if it is kept as it ought to be; null where it does not tell. */
  readonly tag: string | null
  /** Milliseconds for which this holds. */
  readonly lifetime: number
}

/** More is not worth waiting for an answer in between. */
const longestPreview = 4096
const longestLifetime = 300_000

export function optionsDialogue(connection: Connection, service: Service): Dialogue<ServiceOptions> {
  return {
    send: async () => void (await connection.send(optionsRequest(service))),
    receive: readDialogue((incoming) => readOptions(incoming, service)),
  }
}

function* readOptions(incoming: Incoming, { method }: Service): Reading<Outcome<ServiceOptions>> {
  const head = yield* readHead(incoming)
  if (head.status !== 200) return { answer: failure(head), reusable: false }
  const { body } = yield* readEncapsulated(incoming, head)
  const methods = (head.fields.get('methods') ?? '').toUpperCase().split(/[\s,]+/)
  if (!methods.includes(method.toUpperCase()))
    return { answer: unscanned('failed', `the service does not offer ${method.toUpperCase()}`), reusable: false }
  return { answer: parseOptions(head), reusable: !body && !closes(head) }
}

function parseOptions({ fields }: Head): ServiceOptions {
  const preview = numeral(fields.get('preview'))
  const lifetime = numeral(fields.get('options-ttl'))
  return {
    preview: preview === null ? null : Math.min(preview, longestPreview),
    connections: Math.max(1, numeral(fields.get('max-connections')) ?? Number.MAX_SAFE_INTEGER),
    tag: tagOf(fields),
    lifetime: Math.min(lifetime === null ? longestLifetime : lifetime * 1000, longestLifetime),
  }
}

export function tagOf(fields: Head['fields']): string | null {
  const tag = (fields.get('istag') ?? '').replace(/^"(.*)"$/, '$1')
  return tag === '' ? null : plain(tag, 200)
}

export function closes({ fields }: Head): boolean {
  return /\bclose\b/i.test(fields.get('connection') ?? '')
}

function numeral(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}
