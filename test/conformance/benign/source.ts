import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Where ordinary files come from: a program that writes them, or packages that bring them. */
export interface Source {
  readonly title: string
  /** Paths that must exist. */
  readonly needs: readonly string[]
  /** Debian packages that bring them. */
  readonly packages: string
  /** Writes files into the directory, or finds them elsewhere; returns their paths. */
  collect(directory: string): Promise<readonly string[]>
}

/** The command that brings what a source needs and does not find; null where all of it is here. */
export function missing({ needs, packages }: Source): string | null {
  return needs.every((path) => existsSync(path)) ? null : `apt-get install --no-install-recommends ${packages}`
}

const execute = promisify(execFile)

/** Runs a Debian program in the directory, without the rest of this machine's path and languages. */
export async function run(directory: string, program: string, ...args: readonly string[]): Promise<void> {
  await output(directory, program, ...args)
}

/** What a program writes to its standard output. */
export async function output(directory: string, program: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: directory, LC_ALL: 'C.UTF-8', GO111MODULE: 'off' }
  return (await execute(program, args, { cwd: directory, env, timeout: 60_000, maxBuffer: 2 ** 26 })).stdout
}

/** Runs a line of shell, for pipes. */
export function shell(directory: string, line: string): Promise<void> {
  return run(directory, '/bin/bash', '-eo', 'pipefail', '-c', line)
}

/** The files of a directory with one of these extensions, sorted. */
export function filesIn(directory: string, ...extensions: readonly string[]): string[] {
  const wanted = new Set(extensions)
  return readdirSync(directory)
    .filter((name) => wanted.has(name.slice(name.lastIndexOf('.') + 1)))
    .sort()
    .map((name) => join(directory, name))
}
