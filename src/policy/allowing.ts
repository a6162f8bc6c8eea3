import type { RuleId } from '../problems/catalogue.ts'
import type { LimitRule } from './limits.ts'
import { allowances } from './rules/allowances.ts'

const limitSettings: Readonly<Record<LimitRule, string>> = {
  'request.size': 'request.size',
  'request.parts': 'request.parts',
  'field.count': 'fields.count',
  'field.size': 'fields.size',
  'field.total': 'fields.total',
  'file.count': 'files.count',
  'file.size': 'files.size',
  'file.name.length': 'files.name.length',
  'file.archive.entries': 'files.archive.entries',
  'file.archive.depth': 'files.archive.depth',
  'file.archive.expanded': 'files.archive.expanded',
  'file.archive.ratio': 'files.archive.ratio',
  'file.image.pixels': 'files.image.pixels',
  'file.image.frames': 'files.image.frames',
}

const otherWays: { readonly [Rule in RuleId]?: string } = {
  'field.unknown': 'name the field in `fields.allow`',
  'field.missing': 'take the field out of `fields.require`',
  'file.type.refused': 'list the type in `files.types`',
  'file.archive.member': 'list the type in `files.archive.types`',
  'scan.malware': 'list the SHA-256 of the file in `allow` of a scanner of the type `hashes`',
  'field.name': 'not possible where backends read different names',
}

/** What to change in a policy so that it lets through what a rule refuses, in Markdown. */
export function wayToAllow(rule: RuleId): string {
  const limits: Readonly<Partial<Record<RuleId, string>>> = limitSettings
  const settings: Readonly<Partial<Record<RuleId, { readonly setting: string }>>> = allowances
  const limit = limits[rule]
  if (limit !== undefined) return `raise \`${limit}\``
  const setting = settings[rule]?.setting
  if (setting !== undefined) return `\`files.${setting}\``
  if (rule.startsWith('file.name.') && rule !== 'file.name.executable') return '`files.name.onBad: rewrite`'
  return otherWays[rule] ?? `\`modes: { ${rule}: report }\``
}
