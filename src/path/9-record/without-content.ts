import { contentRuleIds, type ProblemId, problem } from '../../problems/catalogue.ts'
import type { Violation } from '../../problems/violation.ts'
import type { ContentFacts, Finding, Uncovered, UploadFacts } from '../types.ts'

/**
 * Facts as the audit keeps them. What inspectors saw stands there as a rule and a number: their clauses quote cells,
 * links and code, so that the file could be read from the audit. The client was told the clauses.
 */
export function withoutContent(facts: UploadFacts): UploadFacts {
  return {
    ...facts,
    files: facts.files.map((file) => {
      const { inspected } = file
      if (inspected === null) return file
      const members = inspected.members.map((member) => ({ ...member, content: told(member.content) }))
      return { ...file, inspected: { ...inspected, content: told(inspected.content), members } }
    }),
  }
}

function told({ observations, uncovered, document, ...measures }: ContentFacts): ContentFacts {
  return {
    ...measures,
    // The file says itself what wrote it, and can say anything.
    ...(document && { document: { pages: document.pages, version: null, producer: null } }),
    observations: observations.map(({ rule, count }) => ({ rule, count, detail: problem(rule).failed })),
    uncovered: uncovered.map(({ reason }) => ({ reason, detail: reasonInWords(reason) })),
  }
}

function reasonInWords(reason: Uncovered['reason']): string {
  return reason === 'encrypted' ? 'it is encrypted' : problem(`file.unscanned.${reason}`).failed
}

/** Rules whose clauses are made of numbers and of names that the client chose, not of what is inside the file. */
const measured: ReadonlySet<string> = new Set([
  'file.archive.entries',
  'file.archive.depth',
  'file.archive.expanded',
  'file.archive.ratio',
  'file.archive.member',
  'file.image.pixels',
  'file.image.frames',
])
const quoting: ReadonlySet<ProblemId> = new Set(contentRuleIds.filter((rule) => !measured.has(rule)))

/** A violation whose clause quotes nothing of a file. */
export function withoutQuotes(violation: Violation): Violation {
  return quoting.has(violation.id) ? { ...violation, failed: problem(violation.id).failed } : violation
}

export function withoutQuotesIn(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, violation: withoutQuotes(finding.violation) }))
}
