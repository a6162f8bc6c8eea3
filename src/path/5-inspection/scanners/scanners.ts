import { together } from '../../../at-once.ts'
import { describeFault } from '../../../printable.ts'
import type { Scan } from '../../types.ts'
import type { SharedCache } from './cache/shared-cache.ts'
import { createVerdictCache, type VerdictCache } from './cache/verdict-cache.ts'
import { type GuardedScanner, guardScanner } from './guard.ts'
import { kinds } from './kinds.ts'
import { openScanner } from './open-scanner.ts'
import type { ScannedFile } from './scanner.ts'
import type { ScannerNeed, ScannerSettings } from './settings.ts'
import type { ScannerLog } from './supervision/announcer.ts'
import type { ScannerHealth } from './supervision/health.ts'
import { followReloads } from './supervision/reloads.ts'
import type { ScannerMetrics } from './telemetry.ts'

export type { ScannerHealth }

/** All scanners of a configuration. */
export interface Scanners {
  /**
   * Asks all of them at a time; the scans are in the order of the names. Rejects with the signal's reason, and with the
   * error of reading the file, when none of them reads it any more.
   */
  scan(names: readonly string[], file: ScannedFile, signal: AbortSignal): Promise<readonly Scan[]>
  /** Resolves when each has been probed, with whatever result. Rejects with the signal's reason. */
  probeAll(signal: AbortSignal): Promise<void>
  health(): readonly ScannerHealth[]
  /** Whether one failed so often that it is not asked at the moment. */
  readonly isDown: (name: string) => boolean
  /** Brings the gauges up to date. */
  collect(): void
  close(): Promise<void>
}

export interface ScannersDependencies {
  /** By the scanner's name. */
  readonly needs: ReadonlyMap<string, ScannerNeed>
  /** URL of the Redis that shares answers; null: they are not shared. */
  readonly redis: string | null
  readonly metrics: ScannerMetrics
  readonly log: ScannerLog
}

/** Of a scanner that no policy asks. */
const noNeed: ScannerNeed = { size: 0, depth: 0 }

/**
 * Rejects, with everything closed again, where rules or lists cannot be used; a scanner that cannot be reached is down
 * until it answers. They are probed in the background from now on.
 */
export async function openScanners(
  configurations: Readonly<Record<string, ScannerSettings>>,
  dependencies: ScannersDependencies,
): Promise<Scanners> {
  const { redis, log } = dependencies
  const entries = Object.entries(configurations)
  const shared = redis === null || entries.length === 0 ? null : await openShared(redis, log)
  const cache = createVerdictCache(shared)
  const guards = new Map<string, GuardedScanner>()
  const close = async (): Promise<void> => {
    await Promise.all([...guards.values()].map((guard) => guard.close()))
    await cache.close()
  }
  try {
    for (const [name, settings] of entries) guards.set(name, await openGuarded(name, settings, cache, dependencies))
  } catch (error) {
    await close()
    throw error
  }
  return { ...asking(guards), close }
}

/** The client of Redis is loaded where there is one: it takes some MiB. */
async function openShared(url: string, log: ScannerLog): Promise<SharedCache> {
  const { openSharedCache } = await import('./cache/shared-cache.ts')
  return openSharedCache(url, log)
}

async function openGuarded(
  name: string,
  settings: ScannerSettings,
  cache: VerdictCache,
  { needs, metrics, log }: ScannersDependencies,
): Promise<GuardedScanner> {
  const { events, outdated } = followReloads(log, name, settings.type === 'yara' ? 'rules' : 'lists')
  const scanner = await openScanner(settings, events).catch((error: unknown) => {
    throw new Error(`scanner ${name}: ${describeFault(error)}`, { cause: error })
  })
  const signatureAge = settings.type === 'icap' ? null : settings.signatureAge
  return guardScanner(
    name,
    scanner,
    { ...settings, signatureAge },
    {
      kind: settings.type,
      target: targetOf(settings),
      need: needs.get(name) ?? noNeed,
      depth: unshownDepth(settings),
      outdated,
      cache,
      metrics,
      log,
    },
  )
}

/** Of one that opens no archives: whether its word is that of the file as one thing, or leaves out what is in archives. */
function unshownDepth(settings: ScannerSettings): number | null {
  if (settings.type === 'yara') return settings.archives === 'unscanned' ? 0 : null
  return kinds[settings.type].opensArchives ? 0 : null
}

/** Of rules, their version says what they are. */
function targetOf(settings: ScannerSettings): string {
  if (settings.type === 'clamd') return JSON.stringify(settings.address)
  if (settings.type === 'icap') return `${settings.method} ${settings.url}`
  return settings.type === 'http' ? settings.url : ''
}

function asking(guards: ReadonlyMap<string, GuardedScanner>): Omit<Scanners, 'close'> {
  const all = [...guards.values()]
  return {
    scan: (names, file, signal) =>
      scanAll(
        names.map((name) => [name, guards.get(name)]),
        file,
        signal,
      ),
    async probeAll(signal) {
      await Promise.all(all.map((guard) => guard.probe(signal)))
    },
    health: () => all.map((guard) => guard.health()),
    isDown: (name) => guards.get(name)?.isDown === true,
    collect() {
      for (const guard of all) guard.collect()
    },
  }
}

type Named = readonly [name: string, guard: GuardedScanner | undefined]

/** One that cannot read the file ends all: the answer is of no use, and the others meet the same. */
async function scanAll(named: readonly Named[], file: ScannedFile, signal: AbortSignal): Promise<readonly Scan[]> {
  const scans: Scan[] = []
  const tasks = named.map(([name, guard], index) => async (either: AbortSignal): Promise<void> => {
    if (guard === undefined) throw new Error(`no scanner is named ${name}`)
    scans[index] = await guard.ask(file, either)
  })
  await together(tasks, signal)
  return scans
}
