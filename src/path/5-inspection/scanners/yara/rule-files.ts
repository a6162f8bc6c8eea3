import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { RuleSource } from './task.ts'

/** All rules together; 100,000 rules are about 50 MiB. */
const mostBytes = 64 * 1024 * 1024

export interface RuleFiles {
  readonly sources: readonly RuleSource[]
  /** SHA-256 of all texts, lower-case hexadecimal. */
  readonly digest: string
  /** When the newest of them was changed, milliseconds since 1970. */
  readonly changedAt: number
}

/** Rejects where there are none, or one cannot be read, or they are too much. */
export async function readRules(paths: readonly string[], patterns: readonly string[]): Promise<RuleFiles> {
  if (paths.length === 0) throw new Error(`no file of rules: ${patterns.join(', ')}`)
  const hash = createHash('sha256')
  const sources: RuleSource[] = []
  let changedAt = 0
  let room = mostBytes
  for (const path of paths) {
    const { size, mtimeMs, isFile } = await state(path)
    room -= size
    if (!isFile) throw new Error(`${path}: not a file`)
    if (room < 0) throw new Error(`${path}: more than ${mostBytes} bytes of rules in all`)
    const text = await readFile(path, 'utf8')
    hash.update(JSON.stringify(text))
    changedAt = Math.max(changedAt, mtimeMs)
    sources.push({ path, text })
  }
  return { sources, digest: hash.digest('hex'), changedAt }
}

async function state(path: string) {
  const stats = await stat(path)
  return { size: stats.size, mtimeMs: stats.mtimeMs, isFile: stats.isFile() }
}
