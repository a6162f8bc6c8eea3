import type { RuleId } from '../../../problems/catalogue.ts'
import { enforcedPolicies, policiesInUse } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

const off: LintRule = {
  id: 'lint.policy.off',
  level: 'warning',
  title: 'A policy that is off',
  why: 'uploads reach the service whatever is in them, and nothing is recorded, while the route looks protected',
  fix: 'set mode to report, which lets pass what breaks a rule and shows what would be refused',
  find: (snapshot) =>
    policiesInUse(snapshot)
      .filter(({ mode }) => mode === 'off')
      .map(({ name }) => ({ path: ['policies', name, 'mode'], of: name, found: `policy ${name} looks at nothing` })),
}

/** A note: report is the step before enforce, and meant to be there for a while. */
const report: LintRule = {
  id: 'lint.policy.report',
  level: 'note',
  title: 'A policy that only reports',
  why: 'uploads that break its rules still reach the service',
  fix: 'set mode to enforce once the records show that nothing good would be refused',
  find: (snapshot) =>
    policiesInUse(snapshot)
      .filter(({ mode }) => mode === 'report')
      .map(({ name }) => ({
        path: ['policies', name, 'mode'],
        of: name,
        found: `policy ${name} refuses nothing that breaks its rules`,
      })),
}

/** Without one of these, the others are easily walked around. */
const pillars: readonly RuleId[] = ['scan.malware', 'file.type.refused', 'file.type.mismatch', 'file.name.executable']

const pillarDown: LintRule = {
  id: 'lint.rule.relaxed',
  level: 'warning',
  title: 'A rule that the others rest on does not refuse',
  why: 'what is malware, a program, or not the type that its name says reaches the service although the policy enforces',
  fix: 'take the rule out of modes; list a type that is wanted in files.types instead',
  find: (snapshot) =>
    enforcedPolicies(snapshot).flatMap(({ name, modes }) =>
      pillars
        .filter((rule) => modes[rule] !== undefined && modes[rule] !== 'enforce')
        .map((rule) => ({
          path: ['policies', name, 'modes', rule],
          of: name,
          found: `policy ${name} does not refuse by ${rule}`,
        })),
    ),
}

export const modes: readonly LintRule[] = [off, report, pillarDown]
