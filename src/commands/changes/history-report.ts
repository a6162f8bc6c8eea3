import type { HistoryEntry } from '../../changes/history.ts'
import type { Numbers } from '../../changes/record.ts'
import { formatDuration } from '../../config/units.ts'
import { counted } from '../../policy/words.ts'
import { printable } from '../../printable.ts'
import { padded } from '../../terminal/text.ts'

/** A few rows for each entry. */
export function historyRows(entries: readonly HistoryEntry[]): string[] {
  return entries.length === 0 ? ['there is no entry'] : entries.flatMap(rowsOf)
}

function rowsOf(entry: HistoryEntry): string[] {
  const { number, time, action, after, who, why } = entry
  const head = `${String(number).padStart(4)}  ${time}  ${padded(action, 8)}  ${after}  ${who}: ${why}`
  return [head, ...detailRows(entry).map((row) => `      ${row}`)].map(printable)
}

/** All of an entry, with the text of the configuration; null where that is not kept. */
export function entryPage(entry: HistoryEntry, text: string | null): string[] {
  const { loosened, policies, before, overwritten } = entry
  const more = [
    `before: ${before ?? 'nothing that is known'}`,
    ...loosened.map((words) => `loosened: ${words}`),
    ...Object.entries(policies).map(([name, expected]) => `policy ${name} expects: ${expected}`),
    ...(overwritten === null ? [] : [`replaced a text that was never in force: ${overwritten}`]),
    ...(entry.effect === null
      ? []
      : [...numberRows('before', entry.effect.before), ...numberRows('after', entry.effect.after)]),
    ...(entry.end?.numbers ? numberRows('in the trial', entry.end.numbers) : []),
  ]
  const configuration = text === null ? ['the text is not kept any more'] : text.trimEnd().split('\n')
  return [...rowsOf(entry), ...more.map((row) => `      ${printable(row)}`), '', ...configuration.map(printableLine)]
}

/** A line of YAML may begin with tabs inside of a text block. */
function printableLine(line: string): string {
  return printable(line.replaceAll('\t', '  '))
}

function detailRows({ differences, to, expected, trial, end, effect }: HistoryEntry): string[] {
  return [
    ...(to === null ? [] : [`back to entry ${to}`]),
    differences === null ? 'differences unknown' : differencesInWords(differences),
    ...(expected === null ? [] : [`expected: ${expected}`]),
    ...(trial === null ? [] : [`trial until ${trial.until}${trial.guards.map((guard) => `; ${guard}`).join('')}`]),
    ...(end === null ? [] : [endInWords(end)]),
    ...(effect === null
      ? []
      : [`measured over ${span(effect.after)}: ${inWords(effect.after)}; before: ${inWords(effect.before)}`]),
  ]
}

function differencesInWords(counts: NonNullable<HistoryEntry['differences']>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return some.length === 0
    ? 'no difference in what it means'
    : some.map(([effect, count]) => `${count} ${effect}`).join(', ')
}

function endInWords({ state, who, why, time, guard, value }: NonNullable<HistoryEntry['end']>): string {
  const measured = guard === null ? '' : ` (it was ${value === null ? 'unknown' : valueInWords(guard, value)})`
  return `${state} at ${time} by ${who}: ${why}${measured}`
}

/** Shares are fractions, durations milliseconds. */
function valueInWords(guard: string, value: number): string {
  if (/^\w+_ratio\b/.test(guard)) return percent(value)
  return guard.startsWith('duration') ? formatDuration(Math.round(value)) : String(value)
}

function numberRows(when: string, numbers: Numbers): string[] {
  const outcomes = numbers.routes.map(
    ({ route, outcomes: of }) =>
      `${when}, ${route}: ${Object.entries(of)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', ')}`,
  )
  const problems = Object.entries(numbers.problems).map(([id, count]) => `${when}, ${id}: ${count}`)
  return [`${when}, ${span(numbers)}: ${inWords(numbers)}`, ...outcomes, ...problems]
}

function inWords({ requests, refused, failed }: Numbers): string {
  if (refused === null || failed === null) return 'no requests'
  return `${counted(requests, 'request')}, ${percent(refused)} refused, ${percent(failed)} failed`
}

function span({ seconds }: Numbers): string {
  return formatDuration(seconds * 1000)
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`
}
