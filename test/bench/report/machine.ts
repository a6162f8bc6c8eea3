import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { programNames, programVersion } from '../contenders/programs.ts'
import { cpuSeconds, machineCpuSeconds } from '../processes/usage.ts'

/** Says, when asked, what share of the machine other work has taken since now: 0 to 1. */
export function watchOthers(): () => number {
  const others = (): number => machineCpuSeconds() - cpuSeconds(process.pid)
  const [begin, before] = [performance.now(), others()]
  return () => Math.max(0, ((others() - before) * 1000) / (performance.now() - begin) / availableParallelism())
}

/** Where and with what the benchmark ran: names and values. */
export function describeRun(command: string, rounds: number, others: number, preferred: boolean): string[][] {
  const [first] = cpus()
  const packages = ['undici', 'http-proxy'].map((name) => `${name} ${versionOf(`../../../node_modules/${name}/`)}`)
  const programs = programNames.flatMap((name) =>
    programVersion(name) === null ? [] : `${name} ${programVersion(name)}`,
  )
  return [
    ['date', new Date().toISOString().slice(0, 10)],
    [
      'machine',
      `${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    ],
    ['kernel', `Linux ${release()}`],
    ['taken by other work', `${(others * 100).toFixed(0)} % of the machine's CPU time during the run`],
    [
      'versions',
      [`Sluice ${versionOf('../../../')}`, `Node.js ${process.versions.node}`, ...programs, ...packages].join(', '),
    ],
    ['load average at the end', loadavg()[0]?.toFixed(1) ?? ''],
    [
      'backends and probe of GETs',
      preferred ? 'go before all others' : 'go as all others: a higher priority is not allowed',
    ],
    ['rounds', String(rounds)],
    ['command', `\`${command}\``],
  ]
}

function versionOf(folder: string): string {
  const text = readFileSync(new URL(`${folder}package.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
