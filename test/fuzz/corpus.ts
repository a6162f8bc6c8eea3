import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Seed } from './seeds.ts'

/** Inputs in a directory, each with its kind as extension; those too large to mutate often are left out. */
export function seedsFrom(directory: string): Seed[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, kind: extname(name).slice(1), bytes: readFileSync(join(directory, name)) }))
    .filter(({ bytes }) => bytes.length <= 128 * 1024)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
