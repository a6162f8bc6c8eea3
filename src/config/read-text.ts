import { readFileSync } from 'node:fs'
import type { Fault } from './fault.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no file of this name',
  EACCES: 'a file that this user may not read',
  EISDIR: 'a folder',
}

/** A file of text, or the fault that it cannot be read; `expected` says what it should be. */
export function readTextFile(file: string, expected: string): { readonly text: string } | { readonly fault: Fault } {
  try {
    return { text: readFileSync(file, 'utf8') }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error
    const found = reasons[error.code] ?? error.code
    return { fault: { file, line: 0, column: 0, path: '', found, expected } }
  }
}
