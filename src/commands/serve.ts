import { formatFault } from '../config/fault.ts'
import { loadConfiguration } from '../config/load.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { type Demo, openDemo } from '../demo/demo.ts'
import { type Gateway, startGateway } from '../gateway.ts'
import { createLogger } from '../log.ts'
import type { Address } from '../path/1-connection/listeners.ts'
import { version } from '../version.ts'
import { exits, readArguments, refuse } from './arguments.ts'

const usage = `Usage: sluice serve -c FILE

Runs the gateway with a configuration, until SIGTERM or SIGINT: then it stops accepting and lets requests in
flight end, for process.drain at most. A second one ends it at once. SIGUSR2 opens the audit file anew, after rotation.

Options:
  -c, --config FILE   the configuration
      --demo          start the demo service too; its address is \${env:SLUICE_DEMO_URL}

Exit code: 0 after an orderly stop, 1 where it cannot start, 2 for a wrong command line.
`

const demoConfiguration = new URL('../../config/demo.yaml', import.meta.url).pathname

export async function serve(argv: readonly string[]): Promise<number> {
  const options = { config: { type: 'string', short: 'c' }, demo: { type: 'boolean' } } as const
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

async function run(file: string, service: Demo | null): Promise<number> {
  const env = service ? { ...process.env, ...service.env } : process.env
  const loaded = loadConfiguration(file, env)
  if (!loaded.ok) {
    for (const fault of loaded.faults) process.stderr.write(`${formatFault(fault)}\n`)
    return exits.failed
  }
  const log = createLogger({ version, level: process.env['SLUICE_LOG'] })
  const gateway = await start(loaded.snapshot, log)
  if (gateway === null) return exits.failed
  announce(gateway, loaded.snapshot, service)
  process.on('SIGUSR2', gateway.reopenAudit)
  const signal = await stopSignal()
  log.info({ signal, drain: loaded.snapshot.configuration.process.drain }, 'stopping: no new connections are accepted')
  await gateway.close()
  log.info('stopped')
  return exits.fine
}

/** What cannot be had at the start is the operator's to mend: one sentence, and the stack only for those who ask. */
async function start(snapshot: Snapshot, log: ReturnType<typeof createLogger>): Promise<Gateway | null> {
  try {
    return await startGateway(snapshot, log, version)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    log.debug({ err: error }, 'cannot start')
    process.stderr.write(`sluice: cannot start: ${explain(error, snapshot)}\n`)
    return null
  }
}

function explain(error: NodeJS.ErrnoException & { address?: string; port?: number }, snapshot: Snapshot): string {
  const place = error.port === undefined ? (error.path ?? '') : `${error.address}:${error.port}`
  const { directory } = snapshot.configuration.hold.spool
  const { file: ledger } = snapshot.configuration.ledger
  if (error.path !== undefined && error.path === ledger)
    return `ledger.file ${ledger} cannot be written (${error.code})`
  if (error.path === directory) return `hold.spool.directory ${directory} cannot be written to (${error.code})`
  if (error.code === 'EADDRINUSE') return `${place} is in use by another program; choose another address or stop it`
  if (error.code === 'EACCES' && error.port !== undefined) return `${place} needs privileges; choose a port above 1023`
  if (error.code === 'EADDRNOTAVAIL') return `${place} is no address of this machine`
  return error.message
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

/** The first of the two; a second one, of either kind, then has its default effect and ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      resolve(signal)
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  })
}
