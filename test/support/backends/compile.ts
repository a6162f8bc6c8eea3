import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Compiles one source file once: the result is cached in the temporary directory by the hash of source and command. */
export async function compile(
  source: string,
  command: (output: string) => readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(source))
    .update(command('').join('\0'))
    .digest('hex')
  const cache = join(tmpdir(), 'sluice-test-builds')
  const output = join(cache, hash.slice(0, 24))
  if (existsSync(output)) return output
  await mkdir(cache, { recursive: true })
  const building = await mkdtemp(join(cache, 'building-'))
  const [program = '', ...args] = command(building)
  await run(program, args, { env: { ...process.env, ...environment }, timeout: 100_000 })
  await publish(building, output)
  return output
}

/** Renaming is atomic; when another process was first, its result is as good. */
async function publish(building: string, output: string): Promise<void> {
  try {
    await rename(building, output)
  } catch (error) {
    await rm(building, { recursive: true, force: true })
    if (!existsSync(output)) throw error
  }
}

/** A Go program; returns the executable. */
export async function compileGo(source: string): Promise<string> {
  const environment = { GO111MODULE: 'off', GOFLAGS: '', CGO_ENABLED: '0' }
  const output = await compile(
    source,
    (directory) => ['go', 'build', '-o', join(directory, 'program'), source],
    environment,
  )
  return join(output, 'program')
}

/** A Java class with its class path; returns the whole class path. */
export async function compileJava(source: string, jars: readonly string[]): Promise<string> {
  const path = jars.join(':')
  const output = await compile(source, (directory) => [
    'javac',
    '-encoding',
    'UTF-8',
    '-cp',
    path,
    '-d',
    directory,
    source,
  ])
  return `${output}:${path}`
}
