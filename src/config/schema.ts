import { z } from 'zod'
import { check } from './check-schema.ts'
import { limit } from './limit-schema.ts'
import { address, network } from './network.ts'
import { policy } from './policy-schema.ts'
import { count, duration, rate, size } from './quantities.ts'
import { quarantine } from './quarantine-schema.ts'
import { route } from './route-schema.ts'
import { scanner } from './scanner-schema.ts'
import { tokens } from './token-schema.ts'
import { upstream } from './upstream-schema.ts'
import { choice, file, name, text } from './words.ts'
import { mostWorkers } from './worker-count.ts'

const anyDelay = '0s'

export const listener = z.strictObject({
  address: address.prefault('0.0.0.0:8080').describe('Where clients connect, as host:port; port 0 is any free port.'),
})

const clients = z.strictObject({
  trustedProxies: z
    .array(network, 'a list of IP addresses and networks')
    .max(1000, 'a list of at most 1000')
    .prefault([])
    .describe('Whose Forwarded and X-Forwarded-For headers are believed: IP addresses and networks.'),
  uploadPolicy: z
    .boolean('true or false')
    .meta({ form: 'true or false' })
    .prefault(true)
    .describe(
      'Whether `GET /.well-known/upload-policy?path=/…` tells clients what the policy there wants, on hosts that have one.',
    ),
  tokens: tokens
    .nullable()
    .prefault(null)
    .describe('How the bearer tokens (JWT) of clients are verified, for limits by claim; null looks at none.'),
})

const tokenForm = 'a token of at least 16 characters'

const operations = z.strictObject({
  address: address
    .prefault('127.0.0.1:9100')
    .describe('Where metrics and health are served, as host:port; never public.'),
  token: text(1000)
    .refine((value) => value.length >= 16, tokenForm)
    .meta({ form: tokenForm, shortForm: 'text, at least 16 characters' })
    .nullable()
    .prefault(null)
    .describe(
      'What a request to this listener must bring along as bearer token; needed where the address is not a loopback address.',
    ),
})

const reload = z.strictObject({
  watch: z
    .boolean('true or false')
    .meta({ form: 'true or false' })
    .prefault(false)
    .describe('Whether this file is read again whenever it has changed; a faulty one changes nothing.'),
})

const process = z.strictObject({
  workers: z
    .union([z.literal('auto', 'auto'), count(1, mostWorkers)], `auto, or a whole number from 1 to ${mostWorkers}`)
    .prefault(1)
    .describe(
      'Processes that serve clients: one does everything by itself; several share the listeners, and each has its part of the hold, inspection, scanners, connections and upload slots. `auto` is one for each processor, as far as the hold has room for each.',
    ),
  drain: duration(anyDelay).prefault('30s').describe('How long requests may go on after SIGTERM.'),
  reload: reload.prefault({}).describe('When this file is read again, besides SIGHUP and `sluice apply`.'),
})

const spool = z.strictObject({
  directory: file()
    .nullable()
    .prefault(null)
    .describe(
      'Where held uploads go that do not fit into memory; null is the folder for temporary files of the system.',
    ),
  size: size().prefault('4GiB').describe('The most that the spool may hold, of all workers together.'),
  keepFree: size('0B').prefault('1GiB').describe('What must stay free on the disk of the spool.'),
})

const hold = z.strictObject({
  memory: size('64KiB')
    .prefault('256MiB')
    .describe(
      'The memory for held uploads, of all workers together: half of it for what stays there, the rest for what is on its way.',
    ),
  spool: spool.prefault({}).describe('Held uploads on disk.'),
})

const body = z.strictObject({
  idle: duration().prefault('30s').describe('The longest pause in the body of an upload.'),
  minimumRate: rate().prefault('1KiB/s').describe('The slowest that the body of an upload may arrive, on average.'),
  total: duration().prefault('60m').describe('The longest that the body of an upload may take.'),
})

const uploads = z.strictObject({
  active: count(1, 100_000)
    .prefault(1024)
    .describe('Uploads at a time, from their headers to their answers; one that trickles costs little but its slot.'),
  queue: count(0, 100_000)
    .prefault(256)
    .describe('Uploads that may wait for a slot, their bodies unread; small and old ones are next.'),
  queueTimeout: duration().prefault('10s').describe('The longest that an upload may wait for a slot.'),
})

const connections = z.strictObject({
  total: count(1, 1_000_000)
    .prefault(10_000)
    .describe('Connections of clients at a time; past it, the longest idle is closed, or the new one refused.'),
  perClient: count(1, 1_000_000)
    .prefault(512)
    .describe(
      'The same for one client address (of IPv6, its /64); addresses in `clients.trustedProxies` are exempt, as they speak for many.',
    ),
})

const admission = z.strictObject({
  connections: connections.prefault({}).describe('How many connections clients may have open.'),
  uploads: uploads.prefault({}).describe('How many uploads there may be at a time.'),
  eventLoopLag: duration()
    .prefault('50ms')
    .describe(
      'Where one turn of the event loop takes longer, uploads are read more slowly, so that everything else is not.',
    ),
  headers: duration().prefault('30s').describe('The longest that the header section of a request may take.'),
  body: body.prefault({}).describe('Deadlines for the body of an upload.'),
})

const redisForm = 'a URL such as redis://127.0.0.1:6379'

const state = z.strictObject({
  redis: z
    .string(redisForm)
    .max(2000, redisForm)
    .refine((value) => /^rediss?:\/\/./.test(value) && URL.canParse(value), redisForm)
    .meta({ form: redisForm, shortForm: 'URL' })
    .nullable()
    .prefault(null)
    .describe('Where several gateways share limits and the answers of scanners; null: each has its own.'),
  whenAway: choice(['share', 'refuse', 'allow'])
    .prefault('share')
    .describe(
      'While Redis is away, limits are kept by each gateway for itself, with its share of them (`share`); refuse every request that they concern (`refuse`); or let them pass (`allow`).',
    ),
  gateways: count(1, 10_000)
    .prefault(1)
    .describe('How many gateways share the Redis, so that each knows its share while Redis is away.'),
})

const ledger = z.strictObject({
  file: file()
    .nullable()
    .prefault(null)
    .describe(
      'Where it is written down who changed the configuration, and who released or deleted what from the quarantine, and why; the texts of configurations are kept beside it.',
    ),
})

const inspection = z.strictObject({
  threads: z
    .union([z.literal('auto', 'auto'), count(1, 64)], 'auto, or a whole number from 1 to 64')
    .prefault('auto')
    .describe(
      'Files that are inspected at a time, in all workers together and at least one in each; `auto` leaves one processor to everything else.',
    ),
  timeout: duration('100ms')
    .prefault('10s')
    .describe('The longest that the inspection of one file may take, for each begun 256 MiB of it.'),
  wait: duration()
    .prefault('60s')
    .describe('The longest that a file may wait for a thread; then its upload is refused and may come again later.'),
  memory: size('32MiB')
    .prefault('128MiB')
    .describe('The most memory for one inspection: half of it for what is unpacked, half for the inspector.'),
})

const audit = z.strictObject({
  file: file().nullable().prefault(null).describe('Where one line of JSON per request goes; null writes none.'),
  names: choice(['plain', 'hashed'])
    .prefault('plain')
    .describe(
      'Whether the names of files, of what is in them and of unknown fields stand there as they came, or as digests of which the extension is left.',
    ),
})

export const sections = { clients, operations, process, hold, admission, inspection, audit, ledger, state }

export const configuration = z.strictObject({
  version: z.literal(1, '1').describe('The version of this format.'),
  listeners: z
    .array(listener, 'a list of listeners such as [{ address: 0.0.0.0:8080 }]')
    .min(1, 'a list of at least one listener')
    .max(100, 'a list of at most 100')
    .prefault([{}])
    .describe('Where clients connect.'),
  clients: clients.prefault({}).describe('Who the clients are.'),
  operations: operations.prefault({}).describe('The listener for the people who run the gateway.'),
  process: process.prefault({}).describe('The process as a whole.'),
  hold: hold.prefault({}).describe('Where uploads are held until their verdict.'),
  admission: admission.prefault({}).describe('How much there may be at a time, and how long clients may take.'),
  inspection: inspection.prefault({}).describe('Looking into files, on threads of their own.'),
  state: state.prefault({}).describe('What several gateways share.'),
  scanners: z
    .record(name, scanner, 'scanners by name')
    .prefault({})
    .describe('Malware scanners, by name; policies name those that they ask.'),
  limits: z
    .record(name, limit, 'limits by name')
    .prefault({})
    .describe('How much of something clients may have, by name; routes name the limits that hold there.'),
  upstreams: z.record(name, upstream, 'upstreams by name').describe('The services behind the gateway, by name.'),
  policies: z.record(name, policy, 'policies by name').prefault({}).describe('The rules for uploads, by name.'),
  routes: z
    .array(route, 'a list of routes such as [{ path: /**, upstream: claims }]')
    .min(1, 'a list of at least one route')
    .max(10_000, 'a list of at most 10000')
    .describe('Where requests go: the first route that matches host, path and method wins.'),
  quarantine: quarantine
    .nullable()
    .prefault(null)
    .describe('Where requests are kept that a policy with `onRefused: quarantine` refused; null: nowhere.'),
  audit: audit.prefault({}).describe('The record of each request.'),
  ledger: ledger.prefault({}).describe('The record of what people did.'),
  check: check.prefault({}).describe('What `sluice check` need not say.'),
})
