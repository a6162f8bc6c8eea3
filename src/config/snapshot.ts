import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Policy } from '../policy/policy.ts'
import { compilePolicy } from './compile-policy.ts'
import type { Configuration, ScannerSettings, Upstream } from './configuration.ts'
import { deepFreeze, frozenMap } from './freeze.ts'

/** A configuration in which every path is absolute. */
export type SettledConfiguration = Configuration & { readonly hold: { readonly spool: { readonly directory: string } } }

/** What the gateway runs on: deeply frozen, so that a request sees one configuration from its beginning to its end. */
export interface Snapshot {
  /** As `hashOf` the YAML text; secrets are not in it. */
  readonly hash: string
  /** Absolute path of the file. */
  readonly file: string
  readonly configuration: SettledConfiguration
  readonly policies: ReadonlyMap<string, Policy>
  readonly upstreams: ReadonlyMap<string, Upstream>
}

/** What a configuration is known by: the first 16 hexadecimal digits of the SHA-256 of its text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** `configuration` is what checking `text`, the content of `file`, gave. */
export function takeSnapshot(text: string, file: string, configuration: Configuration): Snapshot {
  const absolute = resolve(file)
  const policies = Object.entries(configuration.policies)
  return Object.freeze({
    hash: hashOf(text),
    file: absolute,
    configuration: deepFreeze(settlePaths(configuration, dirname(absolute))),
    policies: frozenMap(policies.map(([name, settings]) => [name, compilePolicy(name, settings)])),
    upstreams: frozenMap(Object.entries(configuration.upstreams)),
  })
}

function settlePaths(configuration: Configuration, folder: string): SettledConfiguration {
  const { hold, audit, ledger, quarantine, scanners } = configuration
  const settle = (path: string): string => resolve(folder, path)
  const maybe = (path: string | null): string | null => (path === null ? null : settle(path))
  return {
    ...configuration,
    hold: { ...hold, spool: { ...hold.spool, directory: maybe(hold.spool.directory) ?? tmpdir() } },
    scanners: Object.fromEntries(
      Object.entries(scanners).map(([name, scanner]) => [name, settleScanner(scanner, settle)]),
    ),
    quarantine: quarantine === null ? null : { ...quarantine, directory: maybe(quarantine.directory) },
    audit: { ...audit, file: maybe(audit.file) },
    ledger: { ...ledger, file: maybe(ledger.file) },
  }
}

function settleScanner(scanner: ScannerSettings, settle: (path: string) => string): ScannerSettings {
  if (scanner.type === 'yara') return { ...scanner, files: scanner.files.map(settle) }
  if (scanner.type !== 'hashes') return scanner
  return { ...scanner, deny: scanner.deny.map(settle), allow: scanner.allow.map(settle) }
}
