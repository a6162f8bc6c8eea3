import { z } from 'zod'
import { describesBody, foldName, isReserved } from '../upstream/reserved-fields.ts'
import { origin } from './network.ts'
import { count, duration, size } from './quantities.ts'
import { signing } from './signing-schema.ts'

const anyDelay = '0s'

const pathForm = 'a path such as /healthz'

const health = z.strictObject({
  path: z
    .string(pathForm)
    .regex(/^\/[\x21-\x22\x24-\x7e]{0,1000}$/, pathForm)
    .meta({ form: pathForm, shortForm: 'path' })
    .prefault('/healthz')
    .describe('What is asked for; an answer with a status of 200 to 299 is well.'),
  every: duration('10ms').prefault('5s').describe('The time from one check to the next.'),
  timeout: duration('10ms').prefault('2s').describe('The longest that a check may take.'),
  failures: count(1, 100).prefault(3).describe('Checks in a row that must fail until a server is down.'),
  successes: count(1, 100).prefault(1).describe('Checks in a row that must be answered well until it is up again.'),
})

const ejection = z.strictObject({
  failures: count(1, 1000)
    .prefault(5)
    .describe(
      'Requests in a row that must fail: no connection, a reset, no answer in time, an answer that is no HTTP, or 502, 503 or 504.',
    ),
  for: duration('10ms')
    .prefault('10s')
    .describe('How long the server then gets no requests; the second time in a row twice as long, at most 5 minutes.'),
})

const fieldForm = 'the name of a header field that Sluice does not set itself, such as Idempotency-Key'

const idempotencyKey = z
  .string(fieldForm)
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, fieldForm)
  .refine((name) => !isReserved(foldName(name)) && !describesBody.has(foldName(name)), fieldForm)
  .meta({ form: fieldForm, shortForm: 'name of a header field' })

/** One of `upstreams`. */
export const upstream = z.strictObject({
  urls: z
    .array(origin, 'a list of URLs such as [http://claims-1:8000]')
    .min(1, 'a list of at least one URL')
    .max(100, 'a list of at most 100')
    .describe('The servers of the service, each with scheme, host and port only.'),
  connect: duration().prefault('2s').describe('The longest that opening a connection may take.'),
  response: duration().prefault('60s').describe('The longest wait for the header section of the answer.'),
  retryFor: duration(anyDelay)
    .prefault('30s')
    .describe(
      'How long a held upload is sent again while the service has certainly not acted on it, or has promised to act once.',
    ),
  uploads: count(1, 100_000)
    .nullable()
    .prefault(null)
    .describe(
      'Uploads to this service at a time; null is all of admission.uploads.active where no other upstream takes uploads, else three quarters of it.',
    ),
  takes: size()
    .nullable()
    .prefault(null)
    .describe(
      'The largest body that the service is known to take; `sluice check` warns of policies above it. null: not known.',
    ),
  health: health
    .nullable()
    .prefault(null)
    .describe('Checks of each server: one that is down gets no requests while another is up; null: none.'),
  ejection: ejection
    .nullable()
    .prefault({})
    .describe('Servers that fail get no requests for a while, the last that is up excepted; null: they do.'),
  idempotencyKey: idempotencyKey
    .nullable()
    .prefault(null)
    .describe(
      'The header field that gets the id of an upload, where the service promises to act once for each, on all its servers together: then an upload is sent again also where it may have been acted on.',
    ),
  sign: signing
    .nullable()
    .prefault(null)
    .describe('The key that released uploads are signed with, as a proof for the service (RFC 9421); null signs none.'),
})
