import { writeFileSync } from 'node:fs'
import { startSinks } from './contenders/backends.ts'
import { installLine, programVersion } from './contenders/programs.ts'
import { measureSamples, measureWorst } from './inspection/measure.ts'
import { measureLanes } from './lanes/measure.ts'
import { startGenerator } from './load/start.ts'
import { measure, type Surroundings } from './measure.ts'
import { checkMemory, type MemoryResult } from './memory.ts'
import { type Options, readOptions, usage } from './options.ts'
import { scratchFolder } from './processes/owned.ts'
import { measureReplay } from './replay/measure.ts'
import { type Collected, collect } from './report/collected.ts'
import { lanesTables } from './report/lanes.ts'
import { describeRun, watchOthers } from './report/machine.ts'
import { page } from './report/page.ts'
import { table } from './report/table.ts'
import { inspectionTable, memoryTable, replayTable, workloadTable, worstTable } from './report/tables.ts'
import { inspectionCheck, lanesCheck, memoryCheck, replayCheck } from './workloads.ts'

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
  return programVersion('nginx') === null ? `nginx is missing: ${installLine('nginx')}` : null
}

async function run(options: Options, command: string): Promise<number> {
  const others = watchOthers()
  const scratch = scratchFolder(options.scratch)
  const sinks = await startSinks(scratch)
  const generator = startGenerator(scratch)
  try {
    const surroundings = { scratch, backends: sinks.backends, sinkPid: sinks.uploadsPid, generator, progress }
    const found = collect(print)
    await workloads(options, surroundings, found)
    const sound = [
      await memory(options, surroundings, found),
      await lanes(options, surroundings, found),
      await inspection(options, surroundings, found),
      replay(options, surroundings, found),
    ]
    const about = describeRun(command, options.rounds, others(), sinks.preferred)
    print(table(['', ''], about, false))
    if (options.write) writeFileSync(writtenTo, page(about, found.tables))
    if (options.json !== null) found.writeJson(options.json, about)
    return sound.includes(false) ? 1 : 0
  } finally {
    await Promise.all([generator.stop(), sinks.stop()])
  }
}

async function workloads({ workloads, only, rounds }: Options, around: Surroundings, found: Collected): Promise<void> {
  for (const workload of workloads.filter(({ name }) => only.has(name))) {
    const measured = await measure(workload, rounds, around)
    found.add(workload.name, Object.fromEntries(measured), [workloadTable(workload, measured)])
  }
}

/** False where a check failed; so are the next two. */
async function memory({ memory: cases, only }: Options, around: Surroundings, found: Collected): Promise<boolean> {
  if (!only.has(memoryCheck)) return true
  const results: MemoryResult[] = []
  for (const work of cases) results.push(await checkMemory(work, around))
  found.add(memoryCheck, results, [memoryTable(results)])
  return results.every(({ failure }) => failure === null)
}

async function lanes(
  { lanes: scale, only, rounds }: Options,
  around: Surroundings,
  found: Collected,
): Promise<boolean> {
  if (!only.has(lanesCheck)) return true
  const result = await measureLanes(scale, rounds, around)
  found.add(lanesCheck, result, lanesTables(result))
  return [...result.rows, result.scanner].every(({ turns, failures }) => turns.length === 0 || failures.length === 0)
}

async function inspection({ inspection, only }: Options, around: Surroundings, found: Collected): Promise<boolean> {
  if (!only.has(inspectionCheck)) return true
  const inspected = await measureSamples(inspection.rounds, around)
  found.add(inspectionCheck, inspected, [inspectionTable(inspected)])
  const worst = await measureWorst(around)
  found.add('worst inputs', worst, [worstTable(worst)])
  return true
}

function replay({ replay: { lines }, only }: Options, around: Surroundings, found: Collected): boolean {
  if (!only.has(replayCheck)) return true
  const result = measureReplay(lines, around)
  found.add(replayCheck, result, [replayTable(result)])
  return true
}

function print(text: string): void {
  progress('')
  process.stdout.write(`${text}\n\n`)
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
