import type { FileVerdict, Finding, UploadFacts, Verdict } from '../path/types.ts'
import { filesOf } from './limits.ts'
import { modeOf, type Policy } from './policy.ts'
import type { Breach } from './rules/breach.ts'
import { isUncovered } from './rules/content.ts'
import { fieldBreaches } from './rules/fields.ts'
import { releaseNameOf } from './rules/file-names.ts'
import { fileBreaches } from './rules/files.ts'
import { requestBreaches } from './rules/request.ts'
import { isUnscanned } from './rules/scans.ts'

/** More findings than a person reads; what is left out is decided on all the same. */
export const mostFindings = 100

/**
 * The verdict on a request. Pure, so that recorded facts give the same verdict again. Every rule is applied; findings of
 * enforced rules come first. Facts that are not complete are never clean.
 *
 * With `onRefused: strip`, refused files are left out where nothing but single files is at fault and at least one file
 * stays: the action is then `strip`, the verdict `refused`.
 */
export function decide(policy: Policy, facts: UploadFacts): Verdict {
  const findings = [...requestBreaches(policy, facts), ...fieldBreaches(policy, facts), ...fileBreaches(policy, facts)]
    .map((found) => findingOf(policy, found))
    .filter((finding) => finding !== null)
  const enforced = findings.filter(({ mode }) => mode === 'enforce')
  const reported = findings.filter(({ mode }) => mode === 'report')
  const files = fileVerdicts(policy, facts, enforced)
  const action = actionOf(policy, facts, enforced, files)
  return {
    verdict: verdictOf(action, files),
    action,
    findings: [...enforced, ...reported].slice(0, mostFindings),
    files,
  }
}

function findingOf(policy: Policy, { rule, violation, always }: Breach): Finding | null {
  const mode = always ? 'enforce' : modeOf(policy, rule)
  return mode === 'off' ? null : { rule, mode, violation }
}

function verdictOf(action: Verdict['action'], files: readonly FileVerdict[]): Verdict['verdict'] {
  if (action !== 'release') return 'refused'
  return files.some(({ verdict }) => verdict === 'unscanned') ? 'unscanned' : 'clean'
}

/** The part of the file that a finding is about; null where it is about the request or a field. */
function fileOf({ rule, violation }: Finding): number | null {
  return /^(file|scan)\./.test(rule) ? (violation.part ?? null) : null
}

function fileVerdicts(policy: Policy, { files }: UploadFacts, enforced: readonly Finding[]): FileVerdict[] {
  const refused = new Set(enforced.map(fileOf))
  return files.map((file) => ({
    part: file.part,
    verdict: refused.has(file.part)
      ? 'refused'
      : isUncovered(file) || isUnscanned(policy, file)
        ? 'unscanned'
        : 'clean',
    releaseName: releaseNameOf(policy, file.name),
  }))
}

function actionOf(
  policy: Policy,
  facts: UploadFacts,
  enforced: readonly Finding[],
  files: readonly FileVerdict[],
): Verdict['action'] {
  if (!facts.complete) return 'refuse'
  if (enforced.length === 0) return 'release'
  const kept = new Set(files.filter(({ verdict }) => verdict !== 'refused').map(({ part }) => part))
  const onlyFiles = enforced.every((finding) => fileOf(finding) !== null)
  const someStay = filesOf(facts).some(({ part }) => kept.has(part))
  return policy.onRefused === 'strip' && onlyFiles && someStay ? 'strip' : 'refuse'
}
