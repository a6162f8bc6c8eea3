import { counted } from '../../policy/words.ts'
import { printable } from '../../printable.ts'
import { families, type ProbeCase } from '../../probe/case.ts'
import type { Comparison } from '../../probe/comparison.ts'
import type { Report } from '../../probe/report.ts'
import { isFinding, meanings, type Outcome, outcomes } from '../../probe/verdict/judge.ts'
import { padded } from '../../terminal/text.ts'

type Row = Report['results'][number]

/** For a person: by family, what got through first, each with why it matters; what was refused is only counted. */
export function reportTable(report: Report, cases: ReadonlyMap<string, ProbeCase>): string {
  const lines = [
    `${report.target}: ${report.requests} requests, at most ${report.rate} per second`,
    `harmless upload: accepted (${report.control})`,
    '',
    ...families.flatMap((family) => familyLines(family, report.results, cases)),
    ...totalLines(report.results),
    ...(report.stopped === null ? [] : ['', `incomplete: ${printable(report.stopped)}`]),
  ]
  return `${lines.join('\n')}\n`
}

function familyLines(family: string, results: readonly Row[], cases: ReadonlyMap<string, ProbeCase>): string[] {
  const own = results.filter((row) => row.family === family)
  if (own.length === 0) return []
  const told = outcomes.flatMap((outcome) =>
    outcome === 'refused' || outcome === 'not sent' ? [] : own.filter((row) => row.outcome === outcome),
  )
  return [`${family}: ${counts(own)}`, ...told.flatMap((row) => caseLines(row, cases.get(row.id))), '']
}

function caseLines({ id, outcome, detail, differences }: Row, known: ProbeCase | undefined): string[] {
  const title = known === undefined ? '' : `  ${known.title} (${known.why})`
  const matters = known !== undefined && (outcome === 'through' || outcome === 'read differently')
  return [
    `  ${padded(outcome, 16)}  ${id}${title}`,
    ...(matters ? [`      what it means:  ${known.through}`] : []),
    ...(outcome === 'tolerated' ? [] : [`      what came:      ${printable(detail)}`]),
    ...differences.slice(0, 4).map((difference) => `      difference:     ${printable(difference)}`),
  ]
}

function totalLines(results: readonly Row[]): string[] {
  const width = Math.max(...outcomes.map((outcome) => outcome.length))
  const rows = outcomes.flatMap((outcome) => {
    const count = results.filter((row) => row.outcome === outcome).length
    return count === 0 ? [] : [`${String(count).padStart(5)}  ${padded(outcome, width)}  ${meanings[outcome]}`]
  })
  return [`${results.length} cases`, ...rows]
}

/** "40 cases: 12 through, 28 refused". */
function counts(rows: readonly Row[]): string {
  const words = outcomes.flatMap((outcome) => {
    const count = rows.filter((row) => row.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${outcome}`]
  })
  return `${counted(rows.length, 'case')}: ${words.join(', ')}`
}

/** For a person: what changed between two reports, what became worse first. */
export function comparisonTable(before: Report, after: Report, comparison: Comparison): string {
  const { stopped, opened, still, safe, incomparable } = comparison
  const lines = [
    '',
    `before: ${printable(before.target)}, ${before.began} (Sluice ${printable(before.sluice)})`,
    `after:  ${after.target}, ${after.began} (Sluice ${after.sluice})`,
    '',
    ...changeLines('newly through', opened),
    ...changeLines('newly stopped', stopped),
    ...changeLines('as before: not stopped', still),
    `as before: stopped: ${safe.length}`,
    ...(incomparable.length === 0 ? [] : [`sent in one of the two only: ${incomparable.length}`]),
  ]
  return `${lines.join('\n')}\n`
}

function changeLines(title: string, changes: readonly { id: string; before: Outcome; after: Outcome }[]): string[] {
  const rows = changes.map(({ id, before, after }) => {
    return `  ${padded(id, 36)}  ${before === after ? after : `${before} → ${after}`}`
  })
  return [`${title}: ${changes.length}`, ...rows]
}

/** Whether anything got through, or may have. */
export function hasFindings({ results }: Report): boolean {
  return results.some(({ outcome }) => isFinding(outcome))
}
