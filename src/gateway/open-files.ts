import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Logger } from 'pino'
import type { SettledConfiguration } from '../config/snapshot.ts'
import { connectionsPerServer } from '../upstream/pool.ts'

/** How the files that the process may have open are shared out; a socket counts as one. */
export interface OpenFiles {
  /** What the process may have open at all. */
  readonly limit: number
  /** What the configuration can need. */
  readonly needed: number
  /** Connections of clients that may be open: as configured where that can be had. */
  readonly connections: number
  /** Uploads that may be held in a spool file. */
  readonly spool: number
}

/** Listeners, logs, pipes, the libraries' own; measured: 30. */
const ofTheProcess = 64
/** Of a thread: its event loop; measured: 5. */
const ofAThread = 8
/** Of the operations listener, and of connections that are turned away. */
const besides = 64 + 256
/** Spool files to each connection: small uploads are held in memory, and plain requests hold nothing. */
const filesEach = 0.5

/**
 * Where there are too few, clients get fewer connections than configured, and uploads fewer files: what is refused by
 * a cap is answered, while a connection for which there is no descriptor is closed by the system without a word, and a
 * backend that cannot be connected to looks as if it were down.
 */
export function shareOpenFiles(configuration: SettledConfiguration, limit: number): OpenFiles {
  const { total } = configuration.admission.connections
  const { servers, others } = neededBeside(configuration)
  const upstream = (connections: number): number => Math.min(servers * connectionsPerServer, connections)
  const left = limit - others
  const connections = Math.min(total, Math.max(mostFor(left, servers * connectionsPerServer), Math.ceil(limit / 10)))
  return {
    limit,
    needed: others + total + upstream(total) + Math.ceil(total * filesEach),
    connections,
    spool: Math.max(1, left - connections - upstream(connections)),
  }
}

/** Each connection has its files, and one of the upstream's as far as the upstream has so many. */
function mostFor(files: number, upstream: number): number {
  return Math.floor(Math.max(Math.min(files / (2 + filesEach), upstream), (files - upstream) / (1 + filesEach)))
}

function neededBeside({ upstreams, scanners, inspection, listeners }: SettledConfiguration) {
  const servers = Object.values(upstreams).reduce((sum, { urls }) => sum + urls.length, 0)
  const scans = Object.values(scanners).reduce((sum, { concurrent }) => sum + concurrent, 0)
  const threads = inspection.threads === 'auto' ? availableParallelism() : inspection.threads
  return { servers, others: ofTheProcess + besides + listeners.length + scans + threads * ofAThread }
}

/** The shares of this process; a warning says where they are smaller than configured. */
export function settleOpenFiles(configuration: SettledConfiguration, log: Pick<Logger, 'warn'>): OpenFiles {
  const shares = shareOpenFiles(configuration, openFilesLimit() ?? Number.MAX_SAFE_INTEGER)
  const { limit, needed } = shares
  if (limit < needed) log.warn(shares, 'the process may open fewer files than its configuration can need')
  return shares
}

/** What the process may open; Node has raised it to what the system allows. Null where the system does not tell. */
export function openFilesLimit(): number | null {
  try {
    const [, soft = ''] = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    if (soft === 'unlimited') return Number.MAX_SAFE_INTEGER
    return /^[0-9]+$/.test(soft) ? Number(soft) : null
  } catch {
    return null
  }
}
