import type { HeldFile, Verdict } from '../types.ts'

/** Backends commonly refuse more than 8 KiB of headers in all. */
const maximumListBytes = 4096

/**
 * What the backend is told of the decision, as structured fields (RFC 9651), name and value by turns:
 *
 *     Sluice-Verdict: clean;policy="claim-files";files=2
 *     Sluice-Files: "<sha-256 in hex>";part=2, "<sha-256 in hex>";part=3
 *     Sluice-Removed: file.type.mismatch;part=4
 *
 * The verdict is `clean`, `unscanned`, `stripped`, `reported` (rules that are only reported did not hold), or `reviewed`
 * (refused, and released by a person all the same). `;unscanned` stands with the others where it is true of a file.
 * A list that would grow too long for a header section ends with `truncated`.
 */
export function verdictHeaders(
  policy: string,
  verdict: Verdict,
  released: readonly HeldFile[],
  reviewed = false,
): string[] {
  const stripped = verdict.action === 'strip'
  const word = stripped ? 'stripped' : reviewed ? 'reviewed' : wordOf(verdict)
  const isLacking = word !== 'unscanned' && verdict.files.some((file) => file.verdict === 'unscanned')
  const headers = [
    'Sluice-Verdict',
    `${word};policy="${policy}";files=${released.length}${isLacking ? ';unscanned' : ''}`,
  ]
  if (released.length > 0) {
    headers.push('Sluice-Files', list(released.map(({ header, sha256 }) => `"${sha256}";part=${header.part}`)))
  }
  if (stripped) headers.push('Sluice-Removed', removedList(verdict))
  return headers
}

function wordOf({ verdict, findings }: Verdict): string {
  return findings.some(({ mode }) => mode === 'report') ? 'reported' : verdict
}

/** The files that were taken out, for the backend and for the client: problem id and ordinal of the part. */
export function removedList(verdict: Verdict): string {
  const refused = new Set(verdict.files.filter((file) => file.verdict === 'refused').map((file) => file.part))
  const reasons = verdict.findings
    .filter(({ mode, violation }) => mode === 'enforce' && violation.part !== undefined && refused.has(violation.part))
    .map(({ violation }) => violation)
  const entries = reasons.map(({ id, part }) => `${id};part=${part}`)
  // A verdict does not list its findings without end, and so may not say of each file why it was taken out.
  const isWhole = new Set(reasons.map(({ part }) => part)).size === refused.size
  return list(isWhole ? entries : [...entries, 'truncated'])
}

function list(entries: readonly string[]): string {
  let text = ''
  for (const entry of entries) {
    if (text.length + entry.length > maximumListBytes) return `${text}, truncated`
    text += text === '' ? entry : `, ${entry}`
  }
  return text
}
