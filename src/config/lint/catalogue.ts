import type { LintKind, LintRule } from './rule.ts'
import { accountability } from './rules/accountability.ts'
import { ceilings } from './rules/ceilings.ts'
import { clients } from './rules/clients.ts'
import { content } from './rules/content.ts'
import { idle } from './rules/idle.ts'
import { limits } from './rules/limits.ts'
import { modes } from './rules/modes.ts'
import { records } from './rules/records.ts'
import { routes } from './rules/routes.ts'
import { scanners } from './rules/scanners.ts'
import { unused } from './rules/unused.ts'
import { upstreams } from './rules/upstreams.ts'

/** Every rule of the lint, once, in the order of the reference page. */
export const lintRules: readonly LintRule[] = [
  ...accountability,
  ...modes,
  ...content,
  ...routes,
  ...limits,
  ...clients,
  ...upstreams,
  ...scanners,
  ...records,
  ...idle,
  ...ceilings,
  ...unused,
]

/** An acceptance outlives what it was for, and would silently accept it where it comes back. */
export const idleAcceptance: LintKind = {
  id: 'lint.accept.unused',
  level: 'warning',
  title: 'An acceptance of nothing',
  why: 'what it accepts is not there any more, and would be accepted unseen if it came back',
  fix: 'take the entry out of check.accept, or correct warning and of',
}

export const lintKinds: readonly LintKind[] = [...lintRules, idleAcceptance]
