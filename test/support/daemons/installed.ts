import { findProgram } from './daemon.ts'

const packages = {
  clamd: 'clamav-daemon',
  'c-icap': 'c-icap libc-icap-mod-virus-scan',
  'redis-server': 'redis-server',
  promtool: 'prometheus',
  haproxy: 'haproxy',
  nginx: 'nginx-core',
  prlimit: 'util-linux',
  slowhttptest: 'slowhttptest',
} as const

/** What tests say that need programs which are not here; false where all are. */
export function missing(...programs: readonly (keyof typeof packages)[]): string | false {
  const absent = programs.filter((program) => findProgram(program) === null)
  if (absent.length === 0) return false
  return `${absent.join(' and ')} missing: apt-get install ${absent.map((program) => packages[program]).join(' ')}`
}

/** A daemon whose program is here, since the test would have been skipped otherwise. */
export function needed<Daemon>(daemon: Daemon | null): Daemon {
  if (daemon === null) throw new Error('a program of the test is missing')
  return daemon
}
