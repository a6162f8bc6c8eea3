import type { MetricDefinition } from './definition.ts'

/** What became of a candidate's decision beside the active one; `fault`: it could not be made. */
const candidateResults = ['same', 'stricter', 'laxer', 'otherwise', 'undecidable', 'fault'] as const

/** What the record of requests tells of itself, and of the candidates that it has decided. */
export const recordMetrics = {
  auditLines: {
    name: 'sluice_audit_lines_total',
    type: 'counter',
    help: 'Audit lines by what became of them: written whole, or lost because the file took none for too long.',
    labels: { result: ['written', 'lost'] },
  },
  auditErrors: {
    name: 'sluice_audit_errors_total',
    type: 'counter',
    help: 'Failed attempts to open or write the audit file.',
    labels: {},
  },
  candidateDecisions: {
    name: 'sluice_candidate_decisions_total',
    type: 'counter',
    help: 'Decisions of candidates on live uploads, by the active policy and by how they differ from its own.',
    labels: { policy: 'configuration', result: candidateResults },
  },
  candidateFindings: {
    name: 'sluice_candidate_findings_total',
    type: 'counter',
    help: 'Uploads for which a rule is in the way of the candidate only (added), of the active policy only (dropped), or could not be applied (unknown).',
    labels: { policy: 'configuration', rule: 'problems', effect: ['added', 'dropped', 'unknown'] },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
