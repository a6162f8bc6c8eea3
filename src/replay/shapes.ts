/**
 * Checks of plain data from a file that anybody may have written, by hand: a schema library takes longer for a million
 * lines than reading and deciding them together.
 */
export type Data = Readonly<Record<string, unknown>>
export type Check = (value: unknown) => boolean

/** UTF-16 units and items: what a line that the gateway wrote can hold. */
const longestText = 1024 * 1024
const mostItems = 200_000

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= longestText

export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'

/** Not negative, and finite. */
export const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE

export const isOrdinal = (value: unknown): value is number => Number.isSafeInteger(value) && isAmount(value)

export function orNull(check: Check): Check {
  return (value) => value === null || check(value)
}

export function optional(check: Check): Check {
  return (value) => value === undefined || check(value)
}

export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.length <= mostItems && value.every(check)
}

export function oneOf(words: Iterable<string>): Check {
  const known: ReadonlySet<unknown> = new Set(words)
  return (value) => known.has(value)
}

/** Data with these keys; what else there is does not matter. */
export function shape(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks)
  return (value) => isData(value) && entries.every(([key, check]) => check(value[key]))
}
