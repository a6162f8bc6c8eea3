import { z } from 'zod'
import * as units from './units.ts'

/** Node's timers fire at once where the delay exceeds 2^31 - 1 milliseconds. */
const longestTimer = '24d'

/** Bytes; the bound is written like the value. */
export function size(atLeast = '1B') {
  return quantity(units.size, atLeast)
}

/** Milliseconds, short enough for a timer. */
export function duration(atLeast = '1ms') {
  return quantity(units.duration, atLeast, longestTimer)
}

/** Milliseconds that no timer has to wait for. */
export function age(atLeast = '1s') {
  return quantity(units.duration, atLeast)
}

/** Bytes per second. */
export function rate(atLeast = '1B/s') {
  return quantity(units.rate, atLeast)
}

function quantity(unit: units.Unit, atLeast: string, atMost?: string) {
  const lowest = unit.parse(atLeast) ?? Number.NaN
  const highest = atMost === undefined ? Number.MAX_SAFE_INTEGER : (unit.parse(atMost) ?? Number.NaN)
  const bounds = lowerBound(lowest, atLeast) + (atMost === undefined ? '' : `, at most ${atMost}`)
  const expected = unit.form + bounds
  return z
    .string(expected)
    .transform((text, context) => {
      const value = unit.parse(text)
      if (value !== null && value >= lowest && value <= highest) return value
      context.issues.push({ code: 'custom', message: expected, input: text })
      return z.NEVER
    })
    .meta({ form: expected, shortForm: unit.name + bounds, pattern: `^${unit.pattern}$` })
}

function lowerBound(lowest: number, written: string): string {
  if (lowest === 0) return ''
  return lowest === 1 ? ', more than 0' : `, at least ${written}`
}

/** A whole number within bounds, both included. */
export function count(lowest: number, highest: number) {
  const expected = `a whole number from ${lowest} to ${highest}`
  return z.int(expected).min(lowest, expected).max(highest, expected).meta({ form: expected })
}
