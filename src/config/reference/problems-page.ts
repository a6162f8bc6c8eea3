import { wayToAllow } from '../../policy/allowing.ts'
import { type ProblemKind, problems, ruleIds, type Stage } from '../../problems/catalogue.ts'
import { code, page, table } from './markdown.ts'

const introductions = {
  connection: 'The request as HTTP, before anything is routed.',
  route: 'Where the request goes, and whether an upload may go there.',
  admission: 'Whether there is room for the request, and how much of something its sender may have.',
  multipart: 'The syntax of the body. Always in force, whatever the mode of the policy.',
  policy:
    'The rules of policies. Each can have a mode of its own, under `modes`; the last column says what else lets through what a ' +
    'rule refuses. Settings of files stand under `files` of the policy.',
  hold: 'Keeping the upload until its verdict.',
  release: 'The service behind the gateway.',
  gateway: 'The gateway itself.',
} as const satisfies Readonly<Record<Stage, string>>

const retries: Readonly<Record<ProblemKind['retry'], string>> = {
  never: 'after a change',
  later: 'the same bytes, later',
}

export function problemsPage(): string {
  return page(
    'Problems',
    'Every answer by which Sluice refuses a request. The `type` of an answer is `urn:sluice:problem:` and the id, which is stable. ' +
      'Whether a retry is *useful* is a property of the problem and stands here; whether it is *safe* depends on what the service ' +
      'behind has seen of this request, and stands in each answer.',
    ...Object.entries(introductions).flatMap(([stage, introduction]) => stageSection(stage, introduction)),
  )
}

function stageSection(stage: string, introduction: string): string[] {
  const kinds: readonly (readonly [string, ProblemKind])[] = Object.entries(problems)
  const last = stage === 'policy' ? 'to allow it' : 'retry helps'
  const rows = kinds
    .filter(([, kind]) => kind.stage === stage)
    .map(([id, kind]) => {
      const { status, title, failed, expected, retry } = kind
      const help = ruleIds.find((rule) => rule === id)
      return [code(id), String(status), title, failed, expected, help === undefined ? retries[retry] : wayToAllow(help)]
    })
  return [`## ${stage}`, introduction, table(['id', 'status', 'title', 'failed', 'expected', last], rows)]
}
