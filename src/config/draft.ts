import { z } from 'zod'
import type { Configuration, LimitSettings, Listener, PolicySettings, Route } from './configuration.ts'
import { limit } from './limit-schema.ts'
import { policy } from './policy-schema.ts'
import { quarantine } from './quarantine-schema.ts'
import { route } from './route-schema.ts'
import * as schema from './schema.ts'

/**
 * What can be read of a configuration that may have faults, so that the rules between sections look at the rest of it in
 * the same run. Null stands for what is there and faulty.
 */
export interface Draft {
  readonly listeners: readonly Partial<Listener>[]
  readonly operations: Partial<Configuration['operations']>
  readonly process: z.output<typeof schema.sections.process> | null
  readonly hold: z.output<typeof schema.sections.hold> | null
  readonly admission: z.output<typeof schema.sections.admission> | null
  readonly upstreams: readonly string[]
  readonly scanners: readonly string[]
  /** Undefined where there is none. */
  readonly quarantine: z.output<typeof quarantine> | null | undefined
  readonly ledger: z.output<typeof schema.sections.ledger> | null
  readonly limits: ReadonlyMap<string, LimitSettings | null>
  /** Whether there are clients.tokens, faulty ones as well. */
  readonly tokens: boolean
  readonly policies: ReadonlyMap<string, PolicySettings | null>
  readonly routes: readonly Partial<Route>[]
}

/** `data` is what the YAML says, as plain data without prototypes. */
export function draftOf(data: unknown): Draft {
  const top = isObject(data) ? data : {}
  const { operations, process, hold, admission, ledger } = schema.sections
  return {
    listeners: itemsOf(top['listeners'] ?? [{}]).map((item) => readKeys(schema.listener, item)),
    operations: readKeys(operations, top['operations'] ?? {}),
    process: read(process, top['process'] ?? {}),
    hold: read(hold, top['hold'] ?? {}),
    admission: read(admission, top['admission'] ?? {}),
    upstreams: entriesOf(top['upstreams']).map(([name]) => name),
    scanners: entriesOf(top['scanners']).map(([name]) => name),
    quarantine:
      top['quarantine'] === undefined || top['quarantine'] === null ? undefined : read(quarantine, top['quarantine']),
    ledger: read(ledger, top['ledger'] ?? {}),
    limits: new Map(entriesOf(top['limits']).map(([name, settings]) => [name, read(limit, settings)])),
    tokens: isObject(top['clients']) && isObject(top['clients']['tokens']),
    policies: new Map(entriesOf(top['policies']).map(([name, settings]) => [name, read(policy, settings)])),
    routes: itemsOf(top['routes']).map((item) => readKeys(route, item)),
  }
}

/** Each key by itself, without those that are faulty: a wrong method does not hide a mistyped policy. */
function readKeys<Shape extends z.core.$ZodShape>(
  { shape }: z.ZodObject<Shape>,
  data: unknown,
): Partial<z.output<z.ZodObject<Shape>>> {
  const given = isObject(data) ? data : {}
  const readable: Partial<z.output<z.ZodObject<Shape>>> = {}
  for (const [key, inner] of Object.entries(shape)) {
    const result = z.safeParse(inner, given[key])
    if (result.success) Object.assign(readable, { [key]: result.data })
  }
  return readable
}

function read<Schema extends z.ZodType>(shape: Schema, data: unknown): z.output<Schema> | null {
  const result = shape.safeParse(data)
  return result.success ? result.data : null
}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

function itemsOf(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? data : []
}

function entriesOf(data: unknown): readonly (readonly [string, unknown])[] {
  return isObject(data) ? Object.entries(data) : []
}
