import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { detectType } from '../../src/path/5-inspection/detection/detect-type.ts'
import type { Seed } from './seeds.ts'

const folder = join(import.meta.dirname, '../support')
/** Shorter texts are names of cases. */
const shortest = 40

/** Every file that the zoos of the inspectors' tests export as data, whatever the shape of their tables. */
export async function zooSeeds(): Promise<Seed[]> {
  const found: Buffer[] = []
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('-zoo.ts'))
    .sort()) {
    const exports: unknown = await import(join(folder, name))
    gather(exports, found)
  }
  const seeds = found.map(async (bytes) => ({ kind: (await detectType(memoryBytes(bytes))).type ?? 'other', bytes }))
  return Promise.all(seeds)
}

function gather(value: unknown, found: Buffer[]): void {
  if (Buffer.isBuffer(value)) found.push(value)
  else if (typeof value === 'string' && value.length >= shortest) found.push(Buffer.from(value))
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) gather(inner, found)
}
