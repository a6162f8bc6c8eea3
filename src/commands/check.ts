import { formatFault } from '../config/fault.ts'
import { loadConfiguration } from '../config/load.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { exits, readArguments } from './arguments.ts'

const usage = `Usage: sluice check FILE

Checks a configuration and prints everything that is wrong with it, each with its place in the file.
Reads the file and the secrets that it refers to; touches no network.

Exit code: 0 where nothing is wrong, 1 where something is, 2 for a wrong command line.
`

export async function check(argv: readonly string[]): Promise<number> {
  const { exit, positionals } = { positionals: [], ...readArguments(argv, {}, { usage, positionals: 1 }) }
  if (exit !== undefined) return exit
  const file = positionals[0] ?? ''
  const loaded = loadConfiguration(file, process.env)
  const lines = loaded.ok
    ? [summary(file, loaded.snapshot)]
    : [...loaded.faults.map(formatFault), failure(file, loaded.faults.length)]
  process.stdout.write(`${lines.join('\n')}\n`)
  return loaded.ok ? exits.fine : exits.failed
}

function summary(file: string, { configuration, policies, upstreams, hash }: Snapshot): string {
  const { routes } = configuration
  const counts = [
    counted(routes.length, 'route', 'routes'),
    counted(policies.size, 'policy', 'policies'),
    counted(upstreams.size, 'upstream', 'upstreams'),
  ]
  return `${file}: fine: ${counts.join(', ')} (${hash})`
}

function failure(file: string, faults: number): string {
  return `${file}: ${counted(faults, 'fault', 'faults')}`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
