export type Stage = 'connection' | 'route' | 'admission' | 'multipart' | 'policy' | 'hold' | 'release' | 'gateway'

export interface ProblemKind {
  readonly status: number
  readonly stage: Stage
  readonly title: string
  readonly failed: string
  readonly expected: string
  readonly retry: 'never' | 'later'
  /** Log level of one occurrence: `info` is the client's doing, `warn` wants a look, `error` wants a person. */
  readonly level: 'info' | 'warn' | 'error'
}

type Row = readonly [status: number, title: string, failed: string, expected: string]

/** The problems of one stage, with what they have in common. */
export function stage<const Rows extends Record<string, Row>>(
  name: Stage,
  rows: Rows,
  retry: ProblemKind['retry'] = 'never',
  level: ProblemKind['level'] = 'info',
): { readonly [Id in keyof Rows]: ProblemKind } {
  const kinds = Object.entries(rows).map(([id, [status, title, failed, expected]]) => [
    id,
    Object.freeze({ status, stage: name, title, failed, expected, retry, level }),
  ])
  return Object.fromEntries(kinds) as { readonly [Id in keyof Rows]: ProblemKind }
}
