import type { ContentFacts, FileFacts, Inspected } from '../../path/types.ts'
import type { ContentRuleId } from '../../problems/catalogue.ts'
import { clauseAt, type Place, placesOf } from '../places.ts'
import { modeOf, type Policy } from '../policy.ts'
import { allowances } from './allowances.ts'
import { type At, type Breach, breach } from './breach.ts'
import { imageBreaches } from './images.ts'
import { memberBreaches } from './members.ts'
import { unpackingBreaches } from './unpacking.ts'

/** Rules about what inspectors found in one file, in its members, and in theirs. */
export function contentBreaches(policy: Policy, file: FileFacts): Breach[] {
  if (file.inspected === null) return []
  const at = { part: file.part, field: file.field, file: file.name }
  const unpacking = unpackingBreaches(policy, at, file.inspected)
  const ended = unpacking.some(({ rule }) => modeOf(policy, rule) === 'enforce')
  return [
    ...unpacking,
    ...imageBreaches(policy, at, file.inspected),
    ...memberBreaches(policy, at, file.inspected),
    ...seenBreaches(policy, at, file.inspected).filter(({ rule }) => !(ended && rule === 'file.unscanned.tooLarge')),
  ]
}

/** Whether some of a file was not looked into. */
export function isUncovered({ inspected }: FileFacts): boolean {
  return inspected !== null && placesOf(inspected).some(({ content }) => content.uncovered.length > 0)
}

interface Seen {
  readonly failed: string
  places: number
}

/** One breach for each rule, however many members it is about. */
function seenBreaches({ files }: Policy, at: At, inspected: Inspected): Breach[] {
  const seen = new Map<ContentRuleId, Seen>()
  for (const place of placesOf(inspected)) {
    for (const [rule, detail] of seenIn(place.content)) {
      if (rule === 'file.markup.script' && isSanitised(files, place)) continue
      const before = seen.get(rule)
      if (before === undefined) seen.set(rule, { failed: clauseAt(place, detail), places: 1 })
      else before.places += 1
    }
  }
  return [...seen]
    .filter(([rule]) => !(isAllowable(rule) && allowances[rule]?.allows(files)))
    .map(([rule, { failed, places }]) => breach(rule, { ...at, failed: places > 1 ? `${failed}, and more` : failed }))
}

/** What sanitising takes out need not be refused; in members nothing is changed. */
function isSanitised({ markup }: Policy['files'], { path, detected }: Place): boolean {
  return markup.script === 'sanitise' && path === null && detected.type === 'svg'
}

function isAllowable(rule: ContentRuleId): rule is ContentRuleId & keyof typeof allowances {
  return Object.hasOwn(allowances, rule)
}

function* seenIn({ observations, uncovered }: ContentFacts): Generator<[ContentRuleId, string]> {
  for (const { rule, detail } of observations) yield [rule, detail]
  // What is encrypted was observed as well, by the rule of its kind of file.
  for (const { reason, detail } of uncovered) if (reason !== 'encrypted') yield [`file.unscanned.${reason}`, detail]
}
