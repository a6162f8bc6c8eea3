import { writeFileSync } from 'node:fs'

/** To the file, which `summary` then tells of, or to standard output where it is null. Throws where it cannot be written. */
export function writeReport(report: string, file: string | null, summary: string): void {
  if (file !== null) writeFileSync(file, report)
  process.stdout.write(file === null ? report : `${summary}: ${file}\n`)
}
