import { formatDuration } from '../../config/units.ts'
import type { Bound, Guard } from './guard.ts'

/** As it can be read again: `refused_ratio{route="/claims"} < 2% after 20`. */
export function printGuard({ measure, labels, comparator, bound, after }: Guard): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`)
  const braces = pairs.length === 0 ? '' : `{${pairs.join(', ')}}`
  return `${measure}${braces} ${comparator} ${printBound(bound)}${after === 0 ? '' : ` after ${after}`}`
}

function printBound({ unit, value }: Bound): string {
  if (unit === 'duration') return formatDuration(value)
  return unit === 'percent' ? `${value}%` : String(value)
}
