import { mebibyte } from '../workloads.ts'
import { spread } from './statistics.ts'

/** A Markdown table as a formatter would write it. All columns but the first stand to the right, where they hold numbers. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], numbers = true): string {
  const widths = header.map((_, at) => Math.max(3, ...[header, ...rows].map((cells) => cells[at]?.length ?? 0)))
  const right = (at: number): boolean => numbers && at > 0
  const line = (cells: readonly string[]): string => {
    const padded = widths.map((width, at) => (right(at) ? cells[at]?.padStart(width) : cells[at]?.padEnd(width)))
    return `| ${padded.join(' | ')} |`
  }
  const rule = widths.map((width, at) => (right(at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [header, rule, ...rows].map(line).join('\n')
}

/** The median, with the least and the most. */
export function spreadOf(values: readonly number[], digits: number): string {
  const { median, least, most } = spread(values)
  return `${median.toFixed(digits)} [${least.toFixed(digits)}–${most.toFixed(digits)}]`
}

export function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(0)} MiB`
}
