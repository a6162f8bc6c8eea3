import type { LintKind } from './rule.ts'

/** A danger with its place and its words. Line and column count from 1. */
export interface Warning extends Omit<LintKind, 'title'> {
  readonly file: string
  readonly line: number
  readonly column: number
  /** As people write it: `policies.claim-files.files.types`. */
  readonly path: string
  readonly of: string | null
  readonly found: string
}

export interface AcceptedWarning extends Warning {
  readonly because: string
}

/** On one line, as compilers write theirs, so that editors find the place. */
export function formatWarning({ file, line, column, path, level, found, id }: Warning): string {
  return `${file}:${line}:${column}: ${path}: ${level}: ${found} [${id}]`
}

export function byPlace(one: Warning, other: Warning): number {
  return one.line - other.line || one.column - other.column || one.id.localeCompare(other.id, 'en')
}
