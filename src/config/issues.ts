import { z } from 'zod'
import { describe } from './describe.ts'
import { type Path, quote } from './fault.ts'
import type { Defect } from './read-tree.ts'
import { didYouMean } from './suggest.ts'
import { find, findKey, type Tree } from './tree.ts'

type Issue = z.core.$ZodIssue

const kinds: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a text (in quotes, where it looks like something else)',
}
const mostKeysListed = 14

/** The words for what the schema itself says nothing about. Given to each parse, so that no other words appear. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  return issue.code === 'invalid_type' ? (kinds[issue.expected] ?? `a ${issue.expected}`) : 'another value'
}

/** Turns what the schema refused into defects with places. `tree` is what was parsed. */
export function defectsOf(issues: readonly Issue[], schema: z.ZodType, tree: Tree): Defect[] {
  return issues.flatMap((issue) => translate(issue, [], schema, tree))
}

function translate(issue: Issue, base: Path, schema: z.ZodType, tree: Tree): Defect[] {
  const path = [...base, ...issue.path.map(toStep)]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], schema, tree))
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? issue.message
    return [
      { offset: findKey(tree, path).offset, path: path.slice(0, -1), found: `the name ${nameOf(path)}`, expected },
    ]
  }
  const branch = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : undefined
  if (branch !== undefined) return branch.flatMap((inner) => translate(inner, path, schema, tree))
  const place = find(tree, path)
  const written = place.tree?.kind === 'scalar' ? String(place.tree.written) : ''
  const hint = issue.code === 'invalid_value' && written !== '' ? didYouMean(written, issue.values.map(String)) : ''
  return [{ offset: place.offset, path, found: describe(place.tree, path), expected: issue.message + hint }]
}

function unknownKey(path: Path, schema: z.ZodType, tree: Tree): Defect {
  const known = knownKeys(schema, path.slice(0, -1))
  const listed = known.length > mostKeysListed ? [...known.slice(0, mostKeysListed), '…'] : known
  const expected = `one of ${listed.join(', ')}${didYouMean(String(path.at(-1)), known)}`
  return { offset: findKey(tree, path).offset, path: path.slice(0, -1), found: `the key ${nameOf(path)}`, expected }
}

function nameOf(path: Path): string {
  return quote(String(path.at(-1)))
}

function toStep(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? String(step) : step
}

/** The branch whose own kind of value was met, so that only something inside is wrong. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0))
}

function knownKeys(schema: z.ZodType, path: Path): string[] {
  let at: unknown = unwrap(schema)
  for (const step of path) at = unwrap(enter(at, step))
  if (at instanceof z.ZodRecord && at.keyType instanceof z.ZodEnum) return at.keyType.options.map(String)
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}

function enter(schema: unknown, step: string | number): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(step)]
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodArray ? schema.element : undefined
}

function unwrap(schema: unknown): unknown {
  const wraps = schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional
  return wraps ? unwrap(schema.unwrap()) : schema
}
