import { join } from 'node:path'
import type { SettledConfiguration, Snapshot } from '../../config/snapshot.ts'
import type { Policy } from '../../policy/policy.ts'

export interface Isolation {
  /** A folder that is there: nothing is written anywhere else. */
  readonly folder: string
  /** Where every upstream leads. */
  readonly backend: string
  /** Whether the scanners of the configuration are asked. */
  readonly scanners: boolean
  /** Whether rules are applied as if every policy had `mode: enforce`. */
  readonly enforce: boolean
}

const anyPort = { host: '127.0.0.1', port: 0 } as const

/**
 * The configuration as it is rehearsed: it decides the same, and reaches nothing but its scanners. Limits are left out,
 * since a suite is one client that sends as fast as it can.
 */
export function isolate(snapshot: Snapshot, isolation: Isolation): Snapshot {
  const { upstreams } = snapshot
  const led = [...upstreams].map(
    ([name, upstream]) =>
      [
        name,
        { ...upstream, urls: [isolation.backend], health: null, ejection: null, retryFor: 0, idempotencyKey: null },
      ] as const,
  )
  return {
    ...snapshot,
    configuration: isolateSections(snapshot.configuration, isolation, Object.fromEntries(led)),
    policies: new Map([...snapshot.policies].map(([name, policy]) => [name, rehearsed(policy, isolation)])),
    upstreams: new Map(led),
  }
}

function isolateSections(
  configuration: SettledConfiguration,
  { folder, scanners }: Isolation,
  upstreams: SettledConfiguration['upstreams'],
): SettledConfiguration {
  const { hold, quarantine, ledger, routes } = configuration
  return {
    ...configuration,
    listeners: [{ address: anyPort }],
    operations: { address: anyPort, token: null },
    process: { workers: 1, drain: 1000, reload: { watch: false } },
    hold: { ...hold, spool: { ...hold.spool, directory: folder, keepFree: 0 } },
    state: { ...configuration.state, redis: null },
    scanners: scanners ? configuration.scanners : {},
    limits: {},
    upstreams,
    routes: routes.map((route) => ({ ...route, limits: [] })),
    quarantine:
      quarantine === null ? null : { ...quarantine, directory: join(folder, 'quarantine'), s3: null, keepFree: 0 },
    audit: { ...configuration.audit, file: null },
    ledger: { file: ledger.file === null ? null : join(folder, 'ledger.jsonl') },
  }
}

function rehearsed(policy: Policy, { scanners, enforce }: Isolation): Policy {
  const files = scanners ? policy.files : { ...policy.files, scanners: [] }
  return { ...policy, files, mode: enforce ? 'enforce' : policy.mode }
}
