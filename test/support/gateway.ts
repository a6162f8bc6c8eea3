import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { checkConfiguration } from '../../src/config/check.ts'
import { formatFault } from '../../src/config/fault.ts'
import { takeSnapshot } from '../../src/config/snapshot.ts'
import type { Changed, ChangeWay } from '../../src/gateway/change.ts'
import { startGateway as start } from '../../src/gateway.ts'

export interface GatewayOptions {
  /** Where all routes lead. */
  readonly upstream: string | readonly string[]
  /** Keys of the policy at POST /upload, over a lax one that extends `anything`. */
  readonly policy?: Record<string, unknown>
  readonly retryFor?: string
  readonly drain?: string
  readonly hold?: { readonly memory?: string; readonly spool?: { readonly size?: string; readonly keepFree?: string } }
  readonly admission?: Record<string, unknown>
  /** What the configuration may refer to. */
  readonly env?: Readonly<Record<string, string>>
  /** Keys of the configuration, over the ones made here. */
  readonly configuration?: Record<string, unknown>
}

export interface TestGateway {
  readonly url: string
  readonly port: number
  readonly operationsUrl: string
  /** Spool and audit file are in it; removed when the process ends. */
  readonly directory: string
  /** Another configuration in the place of the running one: these keys over those of the options. */
  readonly change: (
    configuration: Record<string, unknown>,
    way?: ChangeWay,
  ) => Promise<{ readonly hash: string; readonly outcome: Changed }>
  /** Ports of the listeners of the configuration in force. */
  readonly ports: () => readonly number[]
  readonly close: () => Promise<void>
}

const directories: string[] = []
process.once('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** A gateway in this process on free ports: POST /upload is governed, /raw takes raw bodies, all else is relayed. */
export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-test-'))
  directories.push(directory)
  const file = join(directory, 'sluice.yaml')
  const load = (over: Record<string, unknown>) => {
    const text = stringify({ ...defaults(options, directory), ...options.configuration, ...over })
    const checked = checkConfiguration(text, { file, env: options.env ?? {}, readFile: () => '' })
    if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'))
    return { snapshot: takeSnapshot(text, file, checked.configuration), material: { file, text, files: {} } }
  }
  const log = pino({ level: process.env['SLUICE_LOG'] ?? 'silent' })
  const gateway = await start(load({}), { log, version: '0.0.0', env: null })
  const port = gateway.addresses[0]?.port ?? 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    operationsUrl: `http://127.0.0.1:${gateway.operations.port}`,
    directory,
    change: async (configuration, way = 'forGood') => {
      const next = load(configuration)
      return { hash: next.snapshot.hash, outcome: await gateway.change(next, way) }
    },
    ports: () => gateway.addresses.map((address) => address.port),
    close: async () => void (await gateway.close()),
  }
}

function defaults(options: GatewayOptions, directory: string): Record<string, unknown> {
  const { upstream, policy = {}, hold, admission = {}, retryFor = '0s', drain = '1s' } = options
  const lax = { extends: 'anything', owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }
  return {
    version: 1,
    listeners: [{ address: '127.0.0.1:0' }],
    operations: { address: '127.0.0.1:0' },
    process: { drain },
    hold: { memory: '64MiB', ...hold, spool: { directory, size: '4GiB', keepFree: '0B', ...hold?.spool } },
    admission,
    upstreams: { backend: { urls: [upstream].flat(), connect: '1s', response: '10s', retryFor } },
    policies: {
      test: { ...lax, ...policy },
      raw: { ...lax, ...policy, request: { ...Object(policy['request']), channels: ['raw'] } },
    },
    routes: [
      { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'test' },
      { path: '/raw/**', methods: ['PUT', 'POST'], upstream: 'backend', policy: 'raw' },
      { path: '/**', upstream: 'backend' },
    ],
    audit: { file: join(directory, 'audit.jsonl') },
  }
}
