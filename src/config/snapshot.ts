import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Policy } from '../policy/policy.ts'
import { compilePolicy } from './compile-policy.ts'
import type { Configuration, Upstream } from './configuration.ts'
import { deepFreeze, frozenMap } from './freeze.ts'

/** A configuration in which every path is absolute. */
export type SettledConfiguration = Configuration & { readonly hold: { readonly spool: { readonly directory: string } } }

/** What the gateway runs on: deeply frozen, so that a request sees one configuration from its beginning to its end. */
export interface Snapshot {
  /** The first 16 hexadecimal digits of the SHA-256 of the YAML text; secrets are not in it. */
  readonly hash: string
  /** Absolute path of the file. */
  readonly file: string
  readonly configuration: SettledConfiguration
  readonly policies: ReadonlyMap<string, Policy>
  readonly upstreams: ReadonlyMap<string, Upstream>
}

/** `configuration` is what checking `text`, the content of `file`, gave. */
export function takeSnapshot(text: string, file: string, configuration: Configuration): Snapshot {
  const absolute = resolve(file)
  const policies = Object.entries(configuration.policies)
  return Object.freeze({
    hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
    file: absolute,
    configuration: deepFreeze(settlePaths(configuration, dirname(absolute))),
    policies: frozenMap(policies.map(([name, settings]) => [name, compilePolicy(name, settings)])),
    upstreams: frozenMap(Object.entries(configuration.upstreams)),
  })
}

function settlePaths(configuration: Configuration, folder: string): SettledConfiguration {
  const { hold, audit } = configuration
  const directory = hold.spool.directory === null ? tmpdir() : resolve(folder, hold.spool.directory)
  return {
    ...configuration,
    hold: { ...hold, spool: { ...hold.spool, directory } },
    audit: { ...audit, file: audit.file === null ? null : resolve(folder, audit.file) },
  }
}
