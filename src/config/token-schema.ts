import { z } from 'zod'
import { algorithms } from '../tokens/algorithms.ts'
import { readTokenKeys } from '../tokens/read-keys.ts'
import { choice, listed, secret, set, text } from './words.ts'

const keysForm =
  'a JWKS of public keys, a public key in PEM (RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519), or a shared secret of at least 32 characters'

/** How bearer tokens are verified, with the keys read. */
export const tokens = z
  .strictObject({
    keys: secret(1, keysForm).describe(
      'What tokens are verified with: a JWKS, a public key in PEM, or a secret (HMAC); nothing is fetched.',
    ),
    issuer: text(1000).nullable().prefault(null).describe('The `iss` that tokens must have; null is any.'),
    audience: text(1000)
      .nullable()
      .prefault(null)
      .describe('What must be in the `aud` of tokens; null is any, also none.'),
    algorithms: set(choice(algorithms), 'a list of algorithms such as [RS256, ES256]', 1)
      .nullable()
      .prefault(null)
      .describe('What tokens may be signed with; null is all that the keys are for.'),
  })
  .transform(({ keys: written, algorithms: allowed, ...rest }, context) => {
    const keys = readTokenKeys(written)
    const refuse = (path: string, message: string): never => {
      context.issues.push({ code: 'custom', message, input: path === 'keys' ? written : allowed, path: [path] })
      return z.NEVER
    }
    if (keys === null) return refuse('keys', keysForm)
    const possible = algorithms.filter((each) => keys.some((key) => key.algorithms.includes(each)))
    const impossible = allowed?.some((each) => !possible.includes(each)) ?? false
    return impossible
      ? refuse('algorithms', `algorithms that the keys are for: ${listed(possible)}`)
      : { ...rest, keys, algorithms: allowed ?? possible }
  })
