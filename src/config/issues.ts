import { z } from 'zod'
import { describe } from './describe.ts'
import { type Path, quote } from './fault.ts'
import type { Defect } from './read-tree.ts'
import { didYouMean } from './suggest.ts'
import { find, findKey, type Tree, toData } from './tree.ts'

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
  if (issue.code === 'invalid_key') return misnamed(path, issue.issues[0]?.message ?? issue.message, schema, tree)
  const branch = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : undefined
  if (branch !== undefined) return branch.flatMap((inner) => translate(inner, path, schema, tree))
  const place = find(tree, path)
  return [
    { offset: place.offset, path, found: describe(place.tree, path), expected: expected(issue, path, schema, tree) },
  ]
}

function expected(issue: Issue, path: Path, schema: z.ZodType, root: Tree): string {
  if (issue.code === 'invalid_type' && issue.message === kinds['object']) {
    return `a mapping with ${abridged(knownKeys(schemaAt(schema, path, root)), ' or ')}`
  }
  const { tree } = find(root, path)
  const written = tree?.kind === 'scalar' ? String(tree.written) : ''
  return issue.message + (issue.code === 'invalid_value' ? didYouMean(written, issue.values.map(String)) : '')
}

/** The schema leaves what a faulty name stands for unread. */
function misnamed(path: Path, form: string, schema: z.ZodType, tree: Tree): Defect[] {
  const { offset, tree: value } = findKey(tree, path)
  const name = { offset, path: path.slice(0, -1), found: `the name ${nameOf(path)}`, expected: form }
  const inner = schemaAt(schema, path, tree)
  const parsed =
    inner instanceof z.ZodType && value !== null ? inner.safeParse(toData(value), { error: expectation }) : null
  return [name, ...(parsed?.error?.issues ?? []).flatMap((issue) => translate(issue, path, schema, tree))]
}

function unknownKey(path: Path, schema: z.ZodType, tree: Tree): Defect {
  const parent = path.slice(0, -1)
  const at = schemaAt(schema, parent, tree)
  const known = knownKeys(at)
  const hint = didYouMean(String(path.at(-1)), known)
  const form = at instanceof z.ZodRecord ? 'the id of a rule, as in docs/reference/problems.md' : onlyKeys(known)
  return { offset: findKey(tree, path).offset, path: parent, found: `the key ${nameOf(path)}`, expected: form + hint }
}

function onlyKeys(known: readonly string[]): string {
  if (known.length === 0) return 'no such key'
  return known.length === 1 ? `only ${known[0]}` : `one of ${abridged(known, ', ')}`
}

function abridged(words: readonly string[], joint: string): string {
  return words.length > mostKeysListed ? `${words.slice(0, mostKeysListed).join(joint)}${joint}…` : words.join(joint)
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

/** The schema that holds at a path; of a union, the branch whose word is written there. */
function schemaAt(schema: z.ZodType, path: Path, tree: Tree | null): unknown {
  return path.reduce<unknown>(
    (at, step, index) =>
      branchOf(unwrap(enter(at, step)), tree === null ? null : find(tree, path.slice(0, index + 1)).tree),
    unwrap(schema),
  )
}

function branchOf(schema: unknown, tree: Tree | null): unknown {
  if (!(schema instanceof z.ZodDiscriminatedUnion) || tree === null) return schema
  const { discriminator } = schema.def
  const word = find(tree, [discriminator]).tree
  const written = word?.kind === 'scalar' ? word.value : undefined
  const branches = schema.options.filter((option) => option instanceof z.ZodObject)
  return branches.find(({ shape }) => shape[discriminator]?.safeParse(written).success) ?? schema
}

function knownKeys(schema: unknown): string[] {
  if (schema instanceof z.ZodDiscriminatedUnion) return [schema.def.discriminator]
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String)
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

function enter(schema: unknown, step: string | number): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(step)]
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodArray ? schema.element : undefined
}

function unwrap(schema: unknown): unknown {
  const wraps = schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional
  if (schema instanceof z.ZodPipe) return unwrap(schema.in)
  return wraps ? unwrap(schema.unwrap()) : schema
}
