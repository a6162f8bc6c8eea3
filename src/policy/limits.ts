import type { FileFacts, UploadFacts } from '../path/types.ts'
import type { RuleId } from '../problems/catalogue.ts'
import type { Policy } from './policy.ts'

/** The rules that compare a number with a limit. Deciding and streaming both read this table, so they cannot differ. */
export type LimitRule = Extract<
  RuleId,
  | 'request.size'
  | 'request.parts'
  | 'field.count'
  | 'field.size'
  | 'field.total'
  | 'file.count'
  | 'file.size'
  | 'file.name.length'
  | 'file.archive.entries'
  | 'file.archive.depth'
  | 'file.archive.expanded'
  | 'file.archive.ratio'
  | 'file.image.pixels'
  | 'file.image.frames'
>

export const limits = {
  'request.size': ({ request }) => request.size,
  'request.parts': ({ request }) => request.parts,
  'field.count': ({ fields }) => fields.count,
  'field.size': ({ fields }) => fields.size,
  'field.total': ({ fields }) => fields.total,
  'file.count': ({ files }) => files.count,
  'file.size': ({ files }) => files.size,
  'file.name.length': ({ files }) => files.name.length,
  'file.archive.entries': ({ files }) => files.archive.entries,
  'file.archive.depth': ({ files }) => files.archive.depth,
  'file.archive.expanded': ({ files }) => files.archive.expanded,
  'file.archive.ratio': ({ files }) => files.archive.ratio,
  'file.image.pixels': ({ files }) => files.image.pixels,
  'file.image.frames': ({ files }) => files.image.frames,
} as const satisfies Record<LimitRule, (policy: Policy) => number>

/** A file input in which nothing was chosen: no file to any rule. */
export function isEmptyInput({ name, size }: Pick<FileFacts, 'name' | 'size'>): boolean {
  return name === '' && size === 0
}

export function filesOf(facts: UploadFacts): readonly FileFacts[] {
  return facts.files.filter((file) => !isEmptyInput(file))
}
