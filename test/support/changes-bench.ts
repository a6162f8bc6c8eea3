import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { type Changes, openChanges } from '../../src/changes/changes.ts'
import type { Clock } from '../../src/changes/clock.ts'
import type { Count } from '../../src/changes/counters.ts'
import type { ChangeableGateway, Configured } from '../../src/changes/surroundings.ts'
import { loadConfiguration, loadText } from '../../src/config/load.ts'
import { createMetrics } from '../../src/metrics/registry.ts'

export type Test = { teardown(end: () => unknown): unknown }

const described = { owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }

/** A configuration that differs from others in the size that its policy takes; `over` replaces whole sections. */
export function textOf(size: string, over: Record<string, unknown> = {}): string {
  return stringify({
    version: 1,
    listeners: [{ address: '127.0.0.1:0' }],
    operations: { address: '127.0.0.1:0' },
    upstreams: { claims: { urls: ['http://127.0.0.1:9'] } },
    policies: { photos: { extends: 'images', ...described, files: { size } } },
    routes: [{ path: '/claims', upstream: 'claims', policy: 'photos' }],
    ledger: { file: 'ledger.jsonl' },
    ...over,
  })
}

export function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-changes-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes the configuration into the folder where there is none yet. */
export function startedWith(folder: string, text = textOf('1MiB')): string {
  const file = join(folder, 'sluice.yaml')
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return file
}

/** A gateway without anything behind it; `hindrance` is why it can put nothing else in force. */
export interface FakeGateway extends ChangeableGateway {
  hindrance: string | null
}

export function fakeGateway(file: string): FakeGateway {
  const first = loadConfiguration(file, {})
  if (!first.ok) throw new Error(JSON.stringify(first.faults))
  let current: Configured = { snapshot: first.snapshot, material: first.material }
  return {
    hindrance: null,
    loaded: () => current,
    settle() {},
    async change(next) {
      await turn()
      if (this.hindrance !== null) return { changed: false, why: this.hindrance }
      current = next
      return { changed: true }
    },
  }
}

/** Time passes when a test says so. */
export interface FakeClock extends Clock {
  advance(milliseconds: number): Promise<void>
}

export function fakeClock(): FakeClock {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const timers = new Set<{ readonly at: number; readonly act: () => void }>()
  const clock: FakeClock = {
    now: () => now,
    after(milliseconds, act) {
      const timer = { at: now + milliseconds, act }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)
        if (next === undefined) break
        timers.delete(next)
        now = next.at
        next.act()
        // What it does may set the next timer.
        for (let turns = 0; turns < 10; turns += 1) await turn()
      }
      now = end
    },
  }
  return clock
}

export interface Bench {
  readonly folder: string
  readonly file: string
  readonly gateway: FakeGateway
  readonly clock: FakeClock
  readonly changes: Changes
  /** What the gateway has counted, to be changed by the test. */
  readonly counted: Count[]
  readonly metrics: ReturnType<typeof createMetrics>
  readonly text: () => string
}

/** Opens the changes of a gateway that has started with what stands in the folder. */
export async function benchOf(t: Test, folder = folderOf(t), text?: string): Promise<Bench> {
  const file = startedWith(folder, text)
  const gateway = fakeGateway(file)
  const clock = fakeClock()
  const counted: Count[] = []
  const metrics = createMetrics({ version: '1' })
  const changes = await openChanges({
    gateway,
    load: (given) => loadText(given, file, {}),
    readCounters: async () => structuredClone(counted),
    clock,
    metrics,
    log: pino({ level: 'silent' }),
  })
  t.teardown(async () => {
    await changes.close()
    metrics.stop()
  })
  return { folder, file, gateway, clock, changes, counted, metrics, text: () => readFileSync(file, 'utf8') }
}

/** Requests on the only route. */
export function requests(outcome: string, value: number): Count {
  return { metric: 'sluice_requests_total', labels: { route: '/claims', lane: 'upload', outcome }, value }
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await turn()
}
