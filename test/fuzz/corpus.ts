import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Seed } from './seeds.ts'

/** The name under which an input is kept: its kind and what it is, in a form that no other tool takes for its own. */
export function keptName(kind: string, bytes: Buffer): string {
  return `${kind}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.bin`
}

/** Inputs in a directory, whether kept or of other origin; those too large to mutate often are left out. */
export function seedsFrom(directory: string): Seed[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name, kind: kindOf(name), bytes: readFileSync(join(directory, name)) }))
    .filter(({ bytes }) => bytes.length <= 128 * 1024)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function kindOf(name: string): string {
  return /^(.+)-[0-9a-f]{12}\.bin$/.exec(name)?.[1] ?? extname(name).slice(1)
}
