import { readFileSync } from 'node:fs'
import { checkConfiguration } from './check.ts'
import type { Fault } from './fault.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'

export type Loaded =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** Reads and checks a configuration file and the secrets it refers to. A file that cannot be read is a fault as well. */
export function loadConfiguration(file: string, env: Readonly<Record<string, string | undefined>>): Loaded {
  const read = readText(file)
  if ('code' in read) return { ok: false, faults: [unreadable(file, read.code)] }
  const checked = checkConfiguration(read.text, { file, env, readFile: (path) => readFileSync(path, 'utf8') })
  if (!checked.ok) return checked
  return { ok: true, snapshot: takeSnapshot(read.text, file, checked.configuration) }
}

function readText(file: string): { readonly text: string } | { readonly code: string } {
  try {
    return { text: readFileSync(file, 'utf8') }
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return { code: error.code }
    throw error
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'a file that this user may not read',
  EISDIR: 'a folder',
}

function unreadable(file: string, code: string): Fault {
  return { file, line: 1, column: 1, path: '', found: reasons[code] ?? code, expected: 'a configuration file' }
}
