import type { FileFacts } from '../../path/types.ts'
import { limits } from '../limits.ts'
import { isAmbiguousName, nameDefects } from '../names/checks.ts'
import { executableExtension } from '../names/extensions.ts'
import { rewriteName } from '../names/rewrite.ts'
import { modeOf, type Policy } from '../policy.ts'
import { type Breach, breach } from './breach.ts'

/**
 * The name to release a file under. As sent, unless the policy rewrites and an enforced rule is broken, or backends
 * would read another name: the latter is never released, not even where its rule is only reported.
 */
export function releaseNameOf(policy: Policy, name: string): string {
  if (name === '') return name
  const length = limits['file.name.length'](policy)
  const enforced = nameDefects(name, length).some(({ rule }) => modeOf(policy, rule) === 'enforce')
  const rewrites = policy.files.name.onBad === 'rewrite' && enforced
  return rewrites || isAmbiguousName(name) ? rewriteName(name, length) : name
}

export function fileNameBreaches(policy: Policy, { part, field, name }: FileFacts): Breach[] {
  const at = { part, field, file: name }
  const found = nameDefects(name, limits['file.name.length'](policy))
    .filter(({ rule }) => policy.files.name.onBad === 'refuse' || modeOf(policy, rule) === 'report')
    .map(({ rule, ...words }) => breach(rule, { ...at, ...words }))
  const program = executableExtension(name, acceptedTypes(policy))
  if (program !== null) {
    found.push(breach('file.name.executable', { ...at, failed: `the name has the extension .${program}` }))
  }
  return found
}

function acceptedTypes({ files }: Policy): Exclude<Policy['files']['types'], 'any'> {
  return files.types === 'any' ? [] : files.types
}
