import { counted, sizeInWords } from '../policy/words.ts'
import type { Limit } from './compile.ts'

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** "20 requests", "1.5 GiB", "1 file". */
export function amountInWords({ measure }: Pick<Limit, 'measure'>, amount: number): string {
  if (measure === 'bytes') return sizeInWords(amount)
  return counted(amount, measure === 'rate' ? 'request' : measure === 'files' ? 'file' : 'upload')
}

/** What the limit allows, and to whom: "at most 60 requests per minute, 20 of them at once, from one client address". */
export function limitInWords(limit: Limit): string {
  const { perTime, capacity, key } = limit
  const scope = key.kind === 'header' || key.kind === 'claim' ? `${key.kind} ${key.name}` : ''
  const whose = { client: 'from one client address', route: 'from all clients of the route together' }
  const counts = key.kind === 'client' || key.kind === 'route' ? whose[key.kind] : `for one value of the ${scope}`
  return `at most ${allowed()} ${counts}`

  function allowed(): string {
    if (perTime === null) return `${amountInWords(limit, capacity)} at a time`
    const steady = `${amountInWords(limit, perTime.amount)} ${periodInWords(perTime.period)}`
    return capacity === perTime.amount ? steady : `${steady} and ${capacity} at once`
  }
}

/** "per minute", "per 10 minutes". */
function periodInWords(period: number): string {
  const [unit, length] = units.find(([, each]) => period % each === 0) ?? ['second', 1000]
  const count = period / length
  return count === 1 ? `per ${unit}` : `per ${count} ${unit}s`
}
