import { writeFileSync } from 'node:fs'
import { installLine, nginxVersion } from './contenders/nginx.ts'
import { startSink } from './contenders/start.ts'
import { measureBeside, measureSamples, measureWorst } from './inspection/measure.ts'
import { startGenerator } from './load/start.ts'
import { measure, type Surroundings } from './measure.ts'
import { checkMemory, type MemoryResult } from './memory.ts'
import { type Options, readOptions, usage } from './options.ts'
import { scratchFolder } from './processes/owned.ts'
import { describeRun, watchOthers } from './report/machine.ts'
import { page } from './report/page.ts'
import { besideTable, inspectionTable, memoryTable, table, workloadTable, worstTable } from './report/tables.ts'
import { inspectionCheck, memoryCheck } from './workloads.ts'

const writtenTo = new URL('../../docs/benchmark.md', import.meta.url)

async function main(argv: readonly string[]): Promise<number> {
  let options: Options | null
  try {
    options = readOptions(argv)
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n\n${usage}`)
    return 2
  }
  if (options === null) {
    process.stdout.write(usage)
    return 0
  }
  const missing = unfit()
  if (missing !== null) {
    process.stderr.write(`bench: ${missing}\n`)
    return 1
  }
  return run(options, ['npm run bench', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' '))
}

function unfit(): string | null {
  if (process.platform !== 'linux') return 'needs Linux: it reads /proc'
  return nginxVersion() === null ? `nginx is missing: ${installLine}` : null
}

async function run(options: Options, command: string): Promise<number> {
  const others = watchOthers()
  const scratch = scratchFolder(options.scratch)
  const sink = await startSink(scratch)
  const generator = startGenerator(scratch)
  try {
    const surroundings = { scratch, sinkPort: sink.port, generator, progress }
    const tables = await workloads(options, surroundings)
    const checks = await memory(options, surroundings)
    if (checks.length > 0) tables.push(print(memoryTable(checks)))
    tables.push(...(await inspection(options, surroundings)))
    const about = describeRun(command, options.rounds, others())
    print(table(['', ''], about, false))
    if (options.write) writeFileSync(writtenTo, page(about, tables))
    return checks.some(({ failure }) => failure !== null) ? 1 : 0
  } finally {
    await Promise.all([generator.stop(), sink.stop()])
  }
}

async function workloads({ workloads, only, rounds }: Options, surroundings: Surroundings): Promise<string[]> {
  const tables: string[] = []
  for (const workload of workloads.filter(({ name }) => only.has(name))) {
    tables.push(print(workloadTable(workload, await measure(workload, rounds, surroundings))))
  }
  return tables
}

async function memory({ memory: cases, only }: Options, surroundings: Surroundings): Promise<MemoryResult[]> {
  const results: MemoryResult[] = []
  for (const work of only.has(memoryCheck) ? cases : []) results.push(await checkMemory(work, surroundings))
  return results
}

async function inspection({ inspection, only }: Options, surroundings: Surroundings): Promise<string[]> {
  if (!only.has(inspectionCheck)) return []
  const inspected = print(inspectionTable(await measureSamples(inspection.rounds, surroundings)))
  const worst = print(worstTable(await measureWorst(surroundings)))
  return [inspected, worst, print(besideTable(await measureBeside(inspection.seconds, surroundings)))]
}

function print(text: string): string {
  progress('')
  process.stdout.write(`${text}\n\n`)
  return text
}

/** One line on a terminal, which the next one replaces; nothing in a pipe. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}\r`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`)
  process.exitCode = 1
}
