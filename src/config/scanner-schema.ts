import { z } from 'zod'
import { parseAddress } from './network.ts'
import { age, count, duration, size } from './quantities.ts'
import { signing } from './signing-schema.ts'
import { choice, file, set } from './words.ts'

const addressForm = 'unix: and the path of a socket, or an address and port such as 127.0.0.1:3310'

const address = z
  .string(addressForm)
  .transform((text, context) => {
    if (/^unix:\/[^\0]{1,100}$/.test(text)) return { path: text.slice('unix:'.length) }
    const parsed = parseAddress(text)
    if (parsed !== null && parsed.port > 0) return parsed
    context.issues.push({ code: 'custom', message: addressForm, input: text })
    return z.NEVER
  })
  .meta({ form: addressForm, shortForm: 'unix:/path, or address:port' })

function url(schemes: readonly string[], form: string) {
  return z
    .string(form)
    .max(2000, form)
    .refine((text) => URL.canParse(text) && isPlain(new URL(text)), form)
    .meta({ form, shortForm: 'URL' })

  function isPlain({ protocol, username, password, hash, hostname }: URL): boolean {
    return schemes.includes(protocol) && username + password + hash === '' && hostname !== ''
  }
}

const files = (what: string) => z.array(file(), what).min(1, what).max(1000, 'a list of at most 1000')
const lists = set(file(), 'a list of files')

const common = {
  timeout: duration('100ms').prefault('30s').describe('The longest that the scan of one file may take.'),
  concurrent: count(1, 256)
    .prefault(8)
    .describe('Files that the scanner is asked about at a time, by all workers together and at least one by each.'),
  queue: count(0, 10_000).prefault(64).describe('Files that may wait for it.'),
  uploads: count(1, 100_000)
    .nullable()
    .prefault(null)
    .describe(
      'Uploads at a time whose files it will be asked about; null is all of admission.uploads.active where every policy of a route asks it, else three quarters of it.',
    ),
  wait: duration().prefault('10s').describe('The longest that a file may wait for it.'),
  probe: duration('1s')
    .nullable()
    .prefault('5m')
    .describe(
      'How often the scanner has to find test files, as it has at the start; null is at the start and on reload only.',
    ),
  readiness: choice(['report', 'require'])
    .prefault('report')
    .describe(
      'Whether the gateway is ready only while the scanner is well (`require`), or `/readyz` only tells (`report`): plain traffic needs no scanner.',
    ),
}

const signatureAge = age()
  .nullable()
  .prefault(null)
  .describe(
    'The oldest that signatures may be: what an older scanner, or one that does not tell, calls clean is `unscanned(stale)`; null is any age.',
  )

const connect = duration().prefault('2s').describe('The longest that opening a connection may take.')

const clamd = z.strictObject({
  type: z.literal('clamd', 'clamd'),
  address: address.describe('Where clamd listens.'),
  connect,
  signatureAge,
  ...common,
})

const icap = z.strictObject({
  type: z.literal('icap', 'icap'),
  url: url(['icap:'], 'a URL such as icap://127.0.0.1:1344/avscan').describe('The ICAP service (RFC 3507).'),
  method: choice(['respmod', 'reqmod'])
    .prefault('respmod')
    .describe('Whether the file is shown as an answer or as a request, which some services prefer.'),
  connect,
  ...common,
})

const yara = z.strictObject({
  type: z.literal('yara', 'yara'),
  files: files('a list of at least one file of YARA rules').describe('Files of YARA rules; `*` stands for any name.'),
  largest: size()
    .prefault('64MiB')
    .describe('The largest file that rules are applied to; a larger one is `unscanned(tooLarge)`.'),
  archives: choice(['unscanned', 'ignore'])
    .prefault('unscanned')
    .describe(
      'Rules do not look into archives, office documents among them: whether one in which no rule matches is `unscanned(partial)`, or counts as clean (`ignore`) because another scanner opens it.',
    ),
  signatureAge,
  ...common,
  concurrent: count(1, 16).prefault(1).describe('Files that rules are applied to at a time, each on a thread.'),
})

const http = z.strictObject({
  type: z.literal('http', 'http'),
  url: url(['http:', 'https:'], 'a URL such as http://127.0.0.1:7000/scan').describe('Where files are posted to.'),
  sign: signing
    .nullable()
    .prefault(null)
    .describe('The key that requests to it are signed with (RFC 9421); null signs none.'),
  connect,
  signatureAge,
  ...common,
})

const hashes = z.strictObject({
  type: z.literal('hashes', 'hashes'),
  deny: lists.prefault([]).describe('Files with the SHA-256 of what is malware, one on each line.'),
  allow: lists
    .prefault([])
    .describe('Files with the SHA-256 of what is known to be good: other scanners do not count against it.'),
  signatureAge,
  ...common,
})

export const scanner = z.discriminatedUnion(
  'type',
  [clamd, icap, yara, http, hashes],
  'clamd, icap, yara, http or hashes',
)
