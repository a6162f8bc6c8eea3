import { writeFileSync } from 'node:fs'

/** What a run has found: tables for people, and the same figures with every round for programs. */
export interface Collected {
  readonly tables: readonly string[]
  add(name: string, data: unknown, tables: readonly string[]): void
  /** Writes the figures as JSON. `run`: where and with what they were measured. */
  writeJson(file: string, run: readonly (readonly string[])[]): void
}

/** `show` gets each table as soon as it is there. */
export function collect(show: (table: string) => void): Collected {
  const all: string[] = []
  const figures: Record<string, unknown> = {}
  return {
    tables: all,
    add(name, data, tables) {
      figures[name] = data
      all.push(...tables)
      tables.forEach(show)
    },
    writeJson(file, run) {
      writeFileSync(file, `${JSON.stringify({ run: Object.fromEntries(run), ...figures }, null, 2)}\n`)
    },
  }
}
