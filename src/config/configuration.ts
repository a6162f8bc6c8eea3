import type { KeyObject } from 'node:crypto'
import type { z } from 'zod'
import type * as schema from './schema.ts'

type DeepReadonly<T> = T extends KeyObject
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T

/** A checked configuration: sizes in bytes, durations in milliseconds, rates in bytes per second, secrets resolved. */
export type Configuration = DeepReadonly<z.output<typeof schema.configuration>>
export type Route = Configuration['routes'][number]
/** What the configuration says of a policy, before its pack fills in the rest. */
export type PolicySettings = Configuration['policies'][string]
export type LimitSettings = Configuration['limits'][string]
export type Upstream = Configuration['upstreams'][string]
export type Listener = Configuration['listeners'][number]
export type ScannerSettings = Configuration['scanners'][string]
export type QuarantineSettings = NonNullable<Configuration['quarantine']>
