import { hash } from 'node:crypto'
import type { InboundRequest } from '../path/types.ts'
import type { TokenVerifier } from '../tokens/verify.ts'
import type { Limit, RouteLimits } from './compile.ts'

export type Claims = ReadonlyMap<string, string>

type Sender = Pick<InboundRequest, 'headers' | 'client'>

/** The key of the store for each limit of the route; null where the request has nothing to count it by and is to be refused. */
export async function keysOf(
  { limits, route }: RouteLimits,
  request: Sender,
  tokens: TokenVerifier | null,
): Promise<readonly (string | null)[]> {
  const byClaim = tokens !== null && limits.some(({ key }) => key.kind === 'claim')
  const claims = byClaim ? await tokens.verify(valueOf(request.headers['authorization'])) : null
  return limits.map((limit) => keyOf(limit, route, request, claims))
}

function keyOf(limit: Limit, route: string, { headers, client }: Sender, claims: Claims | null): string | null {
  const { key, id, absent } = limit
  if (!('name' in key)) {
    return `${id}:${digest(key.kind, key.kind === 'client' ? client.key : route)}`
  }
  const value = key.kind === 'header' ? valueOf(headers[key.name]) : claims?.get(key.name)
  if (value !== undefined) return `${id}:${digest(key.kind, value)}`
  // Of another kind than the values that clients choose, or one could have another's share by writing their address.
  return absent === 'refuse' ? null : `${id}:${digest('absent', client.key)}`
}

/** Repeated fields are one value, as Node has them; an empty one says nothing. */
function valueOf(field: string | string[] | undefined): string | undefined {
  const value = typeof field === 'string' ? field : field?.join(', ')
  return value === '' ? undefined : value
}

/** 128 bits of hash: neither who it was nor how long their names are is kept. */
function digest(kind: string, value: string): string {
  return hash('sha256', `${kind}\0${value}`, 'base64url').slice(0, 22)
}
