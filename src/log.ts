import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { logStream } from './log-stream.ts'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Characters of lines that wait while standard output takes none. */
const CAPACITY = 1024 * 1024

/** Wherever a whole request, configuration or error comes into a line, these do not come with it. */
const SECRETS = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'token', 'key', 'password', 'secret']
const PLACES = ['', '*.', '*.*.']

export interface LogOptions {
  readonly version: string
  /** Lowest level that is written, as in the environment variable SLUICE_LOG; `info` where it is absent or no level. */
  readonly level: string | undefined
  /** The number of the worker; absent in a process that is none. */
  readonly worker?: number
  /** Standard output where absent. */
  readonly stream?: DestinationStream
}

/** The log of the process: JSON lines with constant messages; what others chose stands in JSON strings only. */
export function createLogger({ version, level, worker, stream = logStream(1, CAPACITY) }: LogOptions): Logger {
  const known = level === undefined || LEVELS.includes(level)
  const log = pino(
    {
      level: known ? (level ?? 'info') : 'info',
      base: { service: 'sluice', version, pid: process.pid, ...(worker !== undefined && { worker }) },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: PLACES.flatMap((place) => SECRETS.map((name) => path(place, name))), censor: '[redacted]' },
    },
    stream,
  )
  if (!known) log.warn({ levels: LEVELS }, 'SLUICE_LOG is not a level; info is used')
  return log
}

function path(place: string, name: string): string {
  return /^\w+$/.test(name) ? `${place}${name}` : `${place.replace(/\.$/, '')}["${name}"]`
}
