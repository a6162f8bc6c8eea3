import { z } from 'zod'
import { duration, size } from './units.ts'

/** So much in each period. */
export interface PerTime {
  readonly amount: number
  /** Milliseconds. */
  readonly period: number
}

const periodPattern = '[0-9]*(s|m|h|d)'
const longestPeriod = 31 * 86_400_000
/** A whole number that the fields of an answer can carry (RFC 9651, section 3.3.1). */
const most = 999_999_999_999_999

/** How often something may happen: 60/m, 100/10m. */
export function times(what: string) {
  return perTime(`${what} per s, m, h or d, such as 60/m or 100/10m`, '[0-9]+', (text) =>
    /^[0-9]+$/.test(text) ? Number(text) : null,
  )
}

/** How many bytes may pass: 2GiB/h, 500MiB/10m. */
export function bytes() {
  return perTime('a size per s, m, h or d, such as 2GiB/h or 500MiB/10m', size.pattern, (text) => size.parse(text))
}

function perTime(form: string, amountPattern: string, parseAmount: (text: string) => number | null) {
  const expected = `${form}, more than 0 and within at most 31d`
  return z
    .string(expected)
    .transform((text, context): PerTime => {
      const [amountText = '', periodText = '', ...rest] = text.split('/')
      const amount = parseAmount(amountText)
      const period = duration.parse(/^[0-9]/.test(periodText) ? periodText : `1${periodText}`)
      const fits = amount !== null && amount >= 1 && amount <= most && period !== null && !periodText.endsWith('ms')
      if (fits && rest.length === 0 && period >= 1000 && period <= longestPeriod) return { amount, period }
      context.issues.push({ code: 'custom', message: expected, input: text })
      return z.NEVER
    })
    .meta({ form: expected, shortForm: form, pattern: `^${amountPattern}/${periodPattern}$` })
}
