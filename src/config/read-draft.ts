import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Draft, draftOf } from './draft.ts'
import { readTextFile } from './read-text.ts'
import type { Surroundings } from './secrets.ts'
import { readSource } from './source.ts'
import { toData } from './tree.ts'

/**
 * What can be read of a configuration file that may have faults: the way back from a broken file must not be barred by it.
 * Null where it cannot be read, or is no YAML.
 */
export function readDraft(file: string, env: Surroundings['env']): Draft | null {
  const read = readTextFile(file, 'a configuration file')
  if ('fault' in read) return null
  const folder = dirname(file)
  const readFile = (path: string): string => readFileSync(resolve(folder, path), 'utf8')
  const { tree } = readSource(read.text, { env, readFile }, '')
  return tree === null ? null : draftOf(toData(tree))
}
