import { spawnSync } from 'node:child_process'

/** The contenders that are programs of the system, with Debian's packages of them. */
const programs = {
  nginx: { ask: ['-v'], version: /nginx\/(\S+)/, package: 'nginx-core' },
  haproxy: { ask: ['-v'], version: /version (\S+)/, package: 'haproxy' },
  caddy: { ask: ['version'], version: /^v?(\S+)/, package: 'caddy' },
} as const

export type Program = keyof typeof programs
export const programNames = Object.keys(programs) as Program[]

/** Null where it is not installed. */
export function programVersion(name: Program): string | null {
  const { ask, version } = programs[name]
  const { stdout, stderr, status } = spawnSync(name, ask, { encoding: 'utf8' })
  return status === 0 ? (version.exec(stdout + stderr)?.[1] ?? 'unknown') : null
}

export function installLine(name: Program): string {
  return `apt-get install --no-install-recommends ${programs[name].package}`
}
