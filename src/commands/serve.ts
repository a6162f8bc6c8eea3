import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import type { Logger } from 'pino'
import { weighBuffers } from '../collector.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { workerCount } from '../config/worker-count.ts'
import { type Demo, openDemo } from '../demo/demo.ts'
import { explainStart } from '../gateway/explain-start.ts'
import { type Gateway, startGateway } from '../gateway.ts'
import { createLogger } from '../log.ts'
import type { Address } from '../path/1-connection/listeners.ts'
import { version } from '../version.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { loadOrTell, type Ready } from './load.ts'
import { untilStopped } from './serve/until-stopped.ts'

const usage = `Usage: sluice serve -c FILE

Runs the gateway with a configuration, until SIGTERM or SIGINT: then it stops accepting and lets requests in
flight end, for process.drain at most. A second one ends it at once. SIGHUP reads the configuration again; where
it has faults or something of it cannot be had, nothing changes. SIGUSR2 opens the audit file anew, after rotation.

Options:
  -c, --config FILE   the configuration
      --demo          start the demo service too; its address is \${env:SLUICE_DEMO_URL}

Exit code: 0 after an orderly stop, 1 where it cannot start, 2 for a wrong command line.
`

const demoConfiguration = new URL('../../config/demo.yaml', import.meta.url).pathname

export async function serve(argv: readonly string[]): Promise<number> {
  weighBuffers()
  const options = { config: { type: 'string', short: 'c' }, demo: { type: 'boolean' } } as const
  // A worker is told what to do by the primary, which has read the command line.
  if (cluster.isWorker) return (await import('../workers/worker.ts')).serveAsWorker(version)
  const read = readArguments(argv, options, { usage, positionals: 0 })
  if (read.exit !== undefined) return read.exit
  const { config, demo } = read.values
  if (config === undefined && !demo) return refuse('a configuration is missing: -c FILE', usage).exit
  const service = demo ? await openDemo() : null
  try {
    return await run(config ?? demoConfiguration, service)
  } finally {
    await service?.close()
  }
}

const onSignal = { who: 'SIGHUP', why: 'the file was read again' }

async function run(file: string, service: Demo | null): Promise<number> {
  const env = service ? { ...process.env, ...service.env } : process.env
  const loaded = loadOrTell(file, env)
  if (loaded === null) return exits.failed
  const log = createLogger({ version, level: process.env['SLUICE_LOG'] })
  const gateway = await start(loaded, env, log)
  if (gateway === null) return exits.failed
  announce(gateway, loaded.snapshot, service)
  process.on('SIGUSR2', gateway.reopenAudit)
  process.on('SIGHUP', () => void gateway.changes?.reload('signal', onSignal))
  await untilStopped(gateway, loaded.snapshot.configuration.process.drain, log)
  return exits.fine
}

/** What cannot be had at the start is the operator's to mend: one sentence, and the stack only for those who ask. */
async function start({ snapshot, material }: Ready, env: NodeJS.ProcessEnv, log: Logger): Promise<Gateway | null> {
  const workers = workerCount(snapshot, availableParallelism())
  try {
    if (workers === 1) return await startGateway({ snapshot, material }, { log, version, env })
    const { startPrimary } = await import('../workers/primary.ts')
    return await startPrimary({ snapshot, material, env, workers, log, version })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    log.debug({ err: error }, 'cannot start')
    process.stderr.write(`sluice: cannot start: ${explainStart(error, snapshot)}\n`)
    return null
  }
}

function announce(gateway: Gateway, { file, hash }: Snapshot, service: Demo | null): void {
  const lines = [
    `Sluice ${version} with ${file} (${hash})`,
    ...gateway.addresses.map((address) => `  listening on   ${url(address)}`),
    `  operations on  ${url(gateway.operations)}/metrics`,
    ...(service ? [`  demo service   ${service.url}, to be reached through Sluice`] : []),
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

function url({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
