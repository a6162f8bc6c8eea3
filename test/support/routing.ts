import { chooseRoute, type Routed } from '../../src/path/2-route/choose.ts'
import type { RouteTable } from '../../src/path/2-route/table.ts'
import { packs } from '../../src/policy/packs.ts'
import type { Policy } from '../../src/policy/policy.ts'

function policy(name: string, ...channels: ('multipart' | 'raw')[]): Policy {
  return {
    name,
    owner: null,
    expected: null,
    rollback: null,
    mode: 'enforce',
    modes: {},
    request: { size: 1, parts: 1, channels },
    fields: { count: 1, size: 1, total: 1, allow: null, require: [] },
    files: packs.anything.files,
    onRefused: 'refuse',
    quarantine: { headers: [] },
  }
}

export const form = policy('form', 'multipart')
export const raw = policy('raw', 'raw')
export const both = policy('both', 'multipart', 'raw')

export interface Sent {
  /** Content-Type of a body; null for no body, `absent` for a body without one. */
  type?: string | null
  host?: string
  headers?: readonly string[]
}

export function request(line: string, { type = null, host = 'a.example', headers = [] }: Sent = {}): Routed {
  const [method = '', target = ''] = line.split(' ')
  const fields = type === null || type === 'absent' ? headers : [...headers, 'Content-Type', type]
  return {
    method,
    target,
    host,
    rawHeaders: ['Host', host, ...fields],
    headers: type === null || type === 'absent' ? {} : { 'content-type': type },
    body: type === null ? { kind: 'none' } : { kind: 'length', length: 3 },
  }
}

/** The index of the route, or the id of the problem. */
export function outcome(table: RouteTable, sent: Routed): number | string {
  const found = chooseRoute(table, sent)
  return 'failed' in found ? found.id : found.index
}

export const json = 'application/json'
export const multipart = 'multipart/form-data; boundary=x'
export const urlencoded = 'application/x-www-form-urlencoded'
