import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { nginxVersion } from '../contenders/nginx.ts'

/** Where and with what the benchmark ran: names and values. */
export function describeRun(command: string, rounds: number, load: readonly number[] = loadavg()): string[][] {
  const [first] = cpus()
  const packages = ['undici', 'http-proxy'].map((name) => `${name} ${versionOf(`../../../node_modules/${name}/`)}`)
  return [
    ['date', new Date().toISOString().slice(0, 10)],
    [
      'machine',
      `${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    ],
    ['kernel', `Linux ${release()}`],
    ['load average before', load.map((value) => value.toFixed(2)).join(' ')],
    [
      'versions',
      [
        `Sluice ${versionOf('../../../')}`,
        `Node.js ${process.versions.node}`,
        `nginx ${nginxVersion()}`,
        ...packages,
      ].join(', '),
    ],
    ['rounds', String(rounds)],
    ['command', `\`${command}\``],
  ]
}

function versionOf(folder: string): string {
  const text = readFileSync(new URL(`${folder}package.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
