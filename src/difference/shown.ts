import { formatDuration, formatSize } from '../config/units.ts'

/** How a number is written. */
export type Form = 'size' | 'duration' | 'rate' | 'plain'

/** A value as people write it in the configuration. */
export function shown(value: unknown, form: Form = 'plain'): string {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'number') return number(value, form)
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => shown(item, form)).join(', ')
  if (typeof value === 'object') return thing(new Map(Object.entries(value)), form)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The items of a list; a value that is no list has none. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function number(value: number, form: Form): string {
  if (form === 'size') return formatSize(value)
  if (form === 'rate') return `${formatSize(Math.round(value))}/s`
  return form === 'duration' ? formatDuration(value) : String(value)
}

/** What the schema makes of addresses, networks, keys of limits, and rates. */
function thing(keys: ReadonlyMap<string, unknown>, form: Form): string {
  const [host, address, kind, amount] = ['host', 'address', 'kind', 'amount'].map((key) => keys.get(key))
  if (typeof host === 'string') return `${host.includes(':') ? `[${host}]` : host}:${shown(keys.get('port'))}`
  if (typeof address === 'string') return `${address}/${shown(keys.get('prefix'))}`
  if (typeof amount === 'number') return `${number(amount, form)}/${period(keys.get('period'))}`
  if (typeof kind === 'string') return keys.has('name') ? `${kind}:${shown(keys.get('name'))}` : kind
  const path = keys.get('path')
  return typeof path === 'string' ? `unix:${path}` : 'a mapping'
}

function period(milliseconds: unknown): string {
  const text = shown(milliseconds, 'duration')
  return /^1[a-z]+$/.test(text) ? text.slice(1) : text
}
