import type { ProblemKind } from './kind.ts'
import { configuration } from './stages/configuration.ts'
import { connection } from './stages/connection.ts'
import { content } from './stages/content.ts'
import { gateway } from './stages/gateway.ts'
import { hold } from './stages/hold.ts'
import { limits } from './stages/limits.ts'
import { multipart } from './stages/multipart.ts'
import { policy } from './stages/policy.ts'
import { quarantine } from './stages/quarantine.ts'
import { release } from './stages/release.ts'
import { route } from './stages/route.ts'
import { scan } from './stages/scan.ts'

export type { ProblemKind, Stage } from './kind.ts'

/**
 * Every problem that Sluice can answer with, once. Nothing else may decide a status of 400 or more.
 *
 * Ids are stable, dotted by stage, and never reused. `failed` and `expected` are the general sentences for the
 * reference page; a violation carries its own, more precise ones. `retry` says whether the same bytes may succeed
 * later: `never` (change the request), `later` (wait and send it again). Whether a retry is *safe* is not a property
 * of the problem but of what the backend has seen, so it is decided where the answer is written.
 */
export const problems = Object.freeze({
  ...connection,
  ...route,
  ...multipart,
  ...policy,
  ...content,
  ...scan,
  ...limits,
  ...hold,
  ...release,
  ...quarantine,
  ...configuration,
  ...gateway,
}) satisfies Readonly<Record<string, ProblemKind>>

export type ProblemId = keyof typeof problems

/** The problems that a policy decides on; each of them is a rule that can have a mode of its own. */
export type RuleId = keyof typeof policy | ContentRuleId | ScanRuleId

/** Rules about what inspectors find in files. */
export type ContentRuleId = keyof typeof content

/** Rules about what scanners say of files. */
export type ScanRuleId = keyof typeof scan

export const contentRuleIds = Object.freeze(Object.keys(content)) as readonly ContentRuleId[]

export const ruleIds = Object.freeze([
  ...Object.keys(policy),
  ...contentRuleIds,
  ...Object.keys(scan),
]) as readonly RuleId[]

export function problem(id: ProblemId): ProblemKind {
  return problems[id]
}

export function isProblemId(id: string): id is ProblemId {
  return Object.hasOwn(problems, id)
}
