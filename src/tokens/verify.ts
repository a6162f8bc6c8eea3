import { hash } from 'node:crypto'
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Algorithm } from './algorithms.ts'
import type { TokenKey } from './read-keys.ts'

export interface TokenSettings {
  readonly keys: readonly TokenKey[]
  readonly issuer: string | null
  readonly audience: string | null
  readonly algorithms: readonly Algorithm[]
}

export interface TokenVerifier {
  /** The claims of the bearer token of an Authorization field; null where there is none that verifies. Never rejects. */
  verify(authorization: string | undefined): Promise<ReadonlyMap<string, string> | null>
}

/** Characters; a longer token is not looked at. */
const longest = 8192
/** Characters of a value that something is counted by. */
const longestValue = 1000
/** Keys that one token is tried with, where it does not name its key. */
const mostTried = 4
/** Seconds that the clocks of issuer and gateway may differ. */
const clockTolerance = 5
const mostRemembered = 5000
/** Milliseconds; a token is remembered until it expires, and no longer than this. */
const longestRemembered = 300_000

/** Verifies JWTs (RFC 7519) with these keys and nothing else: what a token says of where its key is to be had is not looked at. */
export function createTokenVerifier(settings: TokenSettings, claims: readonly string[]): TokenVerifier {
  const remembered = new LRUCache<string, ReadonlyMap<string, string>>({ max: mostRemembered, ttl: longestRemembered })
  return {
    async verify(authorization) {
      const token = bearer(authorization)
      if (token === null) return null
      const key = hash('sha256', token, 'base64url')
      const known = remembered.get(key)
      if (known !== undefined) return known
      const payload = await verified(token, settings)
      if (payload === null) return null
      const found = valuesOf(payload, claims)
      const ttl = Math.min(longestRemembered, (payload.exp ?? Number.POSITIVE_INFINITY) * 1000 - Date.now())
      if (ttl > 0) remembered.set(key, found, { ttl })
      return found
    },
  }
}

/** RFC 6750, section 2.1. */
function bearer(authorization: string | undefined): string | null {
  const [, token = ''] = /^bearer +([\w~+/.=-]+) *$/i.exec(authorization ?? '') ?? []
  return token === '' || token.length > longest ? null : token
}

async function verified(token: string, settings: TokenSettings): Promise<JWTPayload | null> {
  const { issuer, audience } = settings
  const options = { clockTolerance, ...(issuer !== null && { issuer }), ...(audience !== null && { audience }) }
  for (const { key, algorithms } of candidates(token, settings)) {
    const allowed = algorithms.filter((algorithm) => settings.algorithms.includes(algorithm))
    try {
      return (await jwtVerify(token, key, { ...options, algorithms: allowed })).payload
    } catch {
      // Another key, another issuer, expired, or no token at all: each counts as none.
    }
  }
  return null
}

/** The keys that the header of the token can mean. */
function candidates(token: string, { keys, algorithms }: TokenSettings): readonly TokenKey[] {
  const header = headerOf(token)
  const algorithm = algorithms.find((each) => each === header?.alg)
  if (algorithm === undefined) return []
  const able = keys.filter((key) => key.algorithms.includes(algorithm))
  const named = able.filter(({ id }) => id === null || header?.kid === undefined || id === header.kid)
  return named.slice(0, mostTried)
}

function headerOf(token: string) {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return null
  }
}

function valuesOf(payload: JWTPayload, claims: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const claim of claims) {
    const value = Object.hasOwn(payload, claim) ? payload[claim] : undefined
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text === 'string' && text !== '' && text.length <= longestValue) values.set(claim, text)
  }
  return values
}
