import { z } from 'zod'
import { bytes, times } from './per-time.ts'
import { count } from './quantities.ts'
import { didYouMean } from './suggest.ts'
import { choice } from './words.ts'

const keyForm = 'client, route, "header:" and the name of a header field, or "claim:" and the name of a claim'

/** What a limit counts by. Names of header fields are in lower case. */
export type LimitKey =
  | { readonly kind: 'client' | 'route' }
  | { readonly kind: 'header' | 'claim'; readonly name: string }

function parseKey(text: string): LimitKey | null {
  if (text === 'client' || text === 'route') return { kind: text }
  const [, kind, name = ''] = /^(header|claim):(.*)$/s.exec(text) ?? []
  if (kind === 'header' && /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name)) return { kind, name: name.toLowerCase() }
  return kind === 'claim' && /^[!-~]{1,100}$/.test(name) ? { kind, name } : null
}

const key = z
  .string(keyForm)
  .transform((text, context): LimitKey => {
    const parsed = parseKey(text)
    if (parsed !== null) return parsed
    context.issues.push({ code: 'custom', message: keyForm + didYouMean(text, ['client', 'route']), input: text })
    return z.NEVER
  })
  .meta({ form: keyForm, shortForm: '`client`, `route`, `header:NAME`, `claim:NAME`' })

const mostAtOnce = 1_000_000_000

/** A limit has one of the four measures; a rule between keys sees to that. */
export const limit = z.strictObject({
  key: key.describe(
    'What is counted by: `client` (the IPv4 address, or the /64 of an IPv6 address), a header field, a claim of the bearer token, or `route`, all clients of a route together.',
  ),
  rate: times('requests').optional().describe('The requests that come back in a time.'),
  burst: count(1, mostAtOnce)
    .optional()
    .describe('With `rate`: the most requests at once, after a pause; without it as many as in `rate`.'),
  bytes: bytes().optional().describe('The bytes of bodies in a time.'),
  files: times('files').optional().describe('The files of uploads in a time, on routes with a policy.'),
  concurrent: count(1, mostAtOnce).optional().describe('The uploads at a time, on routes with a policy.'),
  mode: choice(['enforce', 'report', 'off'])
    .prefault('enforce')
    .describe('Whether what exceeds it is refused, is recorded only (`report`), or is not counted (`off`).'),
  absent: choice(['client', 'refuse'])
    .prefault('client')
    .describe(
      'What becomes of a request without the header field, or without a token that verifies: it is counted by client address, apart from all others, or it is refused.',
    ),
})
