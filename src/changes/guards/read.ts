import { quote } from '../../config/fault.ts'
import { didYouMean } from '../../config/suggest.ts'
import { duration } from '../../config/units.ts'
import { listed } from '../../config/words.ts'
import { problems, ruleIds } from '../../problems/catalogue.ts'
import { type Bound, type Comparator, comparators, defaultAfter, type Guard, type GuardFault } from './guard.ts'
import { type Measure, type MeasureName, measureNames, measureOf, sourceOf } from './measures.ts'
import { parseGuard, type WrittenGuard } from './parse.ts'
import type { Token } from './tokens.ts'

/** What a configuration adds to the values that are known. */
export interface Known {
  /** As the label of the metrics says them. */
  readonly routes: readonly string[]
}

export type ReadGuard =
  | { readonly ok: true; readonly guard: Guard }
  | { readonly ok: false; readonly faults: readonly GuardFault[] }

/** A guard, or all that is wrong with it. Never throws. */
export function readGuard(text: string, known: Known): ReadGuard {
  const written = parseGuard(text)
  if ('found' in written) return { ok: false, faults: [written] }
  const name = measureNames.find((each) => each === written.measure.text)
  if (name === undefined) return { ok: false, faults: [unknown(written.measure, 'measure', measureNames)] }
  const measure = measureOf(name)
  const bound = boundOf(written.bound)
  const after = measure.unit === 'count' ? 0 : afterOf(written.after)
  const faults = [
    ...labelFaults(written.labels, measure, known),
    ...comparatorFaults(written.comparator, measure),
    ...boundFaults(written.bound, bound, measure),
    ...afterFaults(written.after, after, measure),
  ]
  if (faults.length > 0 || bound === null || after === null) return { ok: false, faults }
  return { ok: true, guard: guardOf(name, written, bound, after) }
}

function guardOf(measure: MeasureName, { labels, comparator }: WrittenGuard, bound: Bound, after: number): Guard {
  const sign: Comparator = comparators.find((each) => each === comparator.text) ?? '<'
  const pairs = labels.map(({ name, value }) => [name.text, value.text])
  return { measure, labels: Object.fromEntries(pairs), comparator: sign, bound, after }
}

function labelFaults(labels: WrittenGuard['labels'], measure: Measure, known: Known): GuardFault[] {
  return labels.flatMap(({ name, value }, index) => {
    if (!measure.labels.includes(name.text)) return [unknown(name, 'label', measure.labels)]
    const isTwice = labels.slice(0, index).some((earlier) => earlier.name.text === name.text)
    if (isTwice) return [{ column: name.column, found: `${name.text} a second time`, expected: 'each label once' }]
    const values = valuesOf(measure, name.text, known)
    return values.includes(value.text) ? [] : [unknown(value, name.text, values)]
  })
}

function valuesOf(measure: Measure, label: string, { routes }: Known): readonly string[] {
  const source = sourceOf(measure, label)
  if (source === 'configuration') return routes
  if (source === 'problems') return label === 'rule' ? ruleIds : Object.keys(problems)
  return source
}

/** A message lists no more than a person takes in. */
const mostListed = 12

function unknown({ text, column }: Token, what: string, known: readonly string[]): GuardFault {
  const expected =
    known.length <= mostListed
      ? listed(known)
      : `${what === 'id' ? 'an id' : `a ${what}`} of docs/reference/problems.md`
  return { column, found: `the unknown ${what} ${quote(text)}${didYouMean(text, known)}`, expected }
}

/** A count begins at 0 and only grows: that it is above a bound cannot hold from the beginning on. */
function comparatorFaults({ text, column }: Token, { unit }: Measure): GuardFault[] {
  return unit === 'count' && text.startsWith('>')
    ? [{ column, found: text, expected: '< or <=, since a count begins at 0' }]
    : []
}

const boundForms = {
  count: 'a whole number such as 5',
  share: 'a share such as 2% or 0.02, at most 100%',
  duration: 'a duration such as 250ms or 2s',
} as const satisfies Readonly<Record<Measure['unit'], string>>

function boundFaults({ text, column }: Token, bound: Bound | null, { unit }: Measure): GuardFault[] {
  const fits =
    bound !== null &&
    ((unit === 'count' && bound.unit === 'number' && Number.isInteger(bound.value)) ||
      (unit === 'duration' && bound.unit === 'duration') ||
      (unit === 'share' && bound.unit === 'percent' && bound.value <= 100) ||
      (unit === 'share' && bound.unit === 'number' && bound.value <= 1))
  return fits ? [] : [{ column, found: quote(text), expected: boundForms[unit] }]
}

function boundOf({ text }: Token): Bound | null {
  if (/^[0-9.]+$/.test(text)) return { unit: 'number', value: Number(text) }
  if (text.endsWith('%')) return { unit: 'percent', value: Number(text.slice(0, -1)) }
  const value = duration.parse(text)
  return value === null ? null : { unit: 'duration', value }
}

/** Null where it is no number of requests. */
function afterOf(token: Token | null): number | null {
  if (token === null) return defaultAfter
  return /^[1-9][0-9]*$/.test(token.text) ? Number(token.text) : null
}

function afterFaults(token: Token | null, after: number | null, { unit }: Measure): GuardFault[] {
  if (token === null) return []
  const { column, text } = token
  if (unit === 'count') return [{ column, found: quote(text), expected: 'no after: a count is judged from the first' }]
  return after === null ? [{ column, found: quote(text), expected: 'a whole number of requests, at least 1' }] : []
}
