import { z } from 'zod'
import { version } from '../version.ts'
import { families } from './case.ts'
import type { ProbePlan, ProbeRun } from './run.ts'
import { outcomes } from './verdict/judge.ts'

/** What `--json` writes, and `--compare` reads. Reports of later versions may have more keys. */
export const reportSchema = z.object({
  report: z.literal('sluice-probe'),
  version: z.literal(1),
  /** The version of Sluice whose suite it was. */
  sluice: z.string(),
  /** Without the query, which may hold secrets. */
  target: z.string(),
  began: z.iso.datetime(),
  ended: z.iso.datetime(),
  /** Requests per second, at the most. */
  rate: z.number(),
  requests: z.number(),
  echo: z.boolean(),
  /** The status of the harmless upload. */
  control: z.number(),
  stopped: z.string().nullable(),
  results: z.array(
    z.object({
      id: z.string(),
      family: z.enum(families),
      outcome: z.enum(outcomes),
      status: z.number().nullable(),
      detail: z.string(),
      differences: z.array(z.string()),
    }),
  ),
})

export type Report = z.infer<typeof reportSchema>

export interface Times {
  readonly began: Date
  readonly ended: Date
}

export function reportOf({ endpoint, rate, echo }: ProbePlan, run: ProbeRun, { began, ended }: Times): Report {
  const { requests, control, stopped, results } = run
  return {
    report: 'sluice-probe',
    version: 1,
    sluice: version,
    target: `${endpoint.url.origin}${endpoint.url.pathname}`,
    began: began.toISOString(),
    ended: ended.toISOString(),
    rate,
    requests,
    echo,
    control,
    stopped,
    results: results.map(({ id, family, outcome, status, detail, differences }) => {
      return { id, family, outcome, status, detail, differences: [...differences] }
    }),
  }
}

/** A report that was written before; null where the text is none. */
export function readReport(text: string): Report | null {
  try {
    const parsed = reportSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
