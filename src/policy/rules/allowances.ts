import type { ContentRuleId, ScanRuleId } from '../../problems/catalogue.ts'
import type { LimitRule } from '../limits.ts'
import type { Policy } from '../policy.ts'

/** A setting of a policy that lets through what a rule is about. */
export interface Allowance {
  /** Key and value as they stand in the configuration, below `files`: "pdf.javascript: keep". */
  readonly setting: string
  readonly allows: (files: Policy['files']) => boolean
}

function kept<Section extends 'archive' | 'pdf' | 'office' | 'markup' | 'csv'>(
  section: Section,
  name: keyof Policy['files'][Section] & string,
): Allowance {
  return { setting: `${section}.${name}: keep`, allows: (files) => files[section][name] === 'keep' }
}

function released(name: keyof Policy['files']['onUnscanned']): Allowance {
  return { setting: `onUnscanned.${name}: release`, allows: (files) => files.onUnscanned[name] === 'release' }
}

/** Rules about content that a setting switches off; the others hold unless their mode says otherwise. */
export const allowances: { readonly [Rule in Exclude<ContentRuleId | ScanRuleId, LimitRule>]?: Allowance } = {
  'file.archive.encrypted': kept('archive', 'encrypted'),
  'file.pdf.javascript': kept('pdf', 'javascript'),
  'file.pdf.launch': kept('pdf', 'launch'),
  'file.pdf.actions': kept('pdf', 'actions'),
  'file.pdf.embedded': kept('pdf', 'embeddedFiles'),
  'file.pdf.media': kept('pdf', 'media'),
  'file.pdf.external': kept('pdf', 'external'),
  'file.pdf.form': kept('pdf', 'xfa'),
  'file.pdf.encrypted': kept('pdf', 'encrypted'),
  'file.pdf.restricted': kept('pdf', 'restricted'),
  'file.office.macros': kept('office', 'macros'),
  'file.office.external': kept('office', 'externalLinks'),
  'file.office.embedded': kept('office', 'embeddedObjects'),
  'file.office.dde': kept('office', 'dde'),
  'file.office.activex': kept('office', 'activeX'),
  'file.office.encrypted': kept('office', 'encrypted'),
  'file.markup.script': kept('markup', 'script'),
  'file.markup.entities': kept('markup', 'externalEntities'),
  'file.markup.expansion': kept('markup', 'entityDeclarations'),
  'file.markup.external': kept('markup', 'external'),
  'file.markup.structure': kept('markup', 'malformed'),
  'file.csv.formulas': kept('csv', 'formulas'),
  'file.unscanned.timeout': released('timeout'),
  'file.unscanned.memory': released('memory'),
  'file.unscanned.tooLarge': released('tooLarge'),
  'file.unscanned.unsupported': released('unsupported'),
  'file.unscanned.damaged': released('damaged'),
  'scan.unavailable': released('unavailable'),
  'scan.timeout': released('timeout'),
  'scan.tooLarge': released('tooLarge'),
  'scan.encrypted': released('encrypted'),
  'scan.partial': released('partial'),
  'scan.stale': released('stale'),
}
