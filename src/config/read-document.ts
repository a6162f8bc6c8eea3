import type { z } from 'zod'
import { byPosition, type Fault, formatPath } from './fault.ts'
import { defectsOf, expectation } from './issues.ts'
import type { Defect } from './read-tree.ts'
import type { Surroundings } from './secrets.ts'
import { readSource, type Source } from './source.ts'
import { type Tree, toData } from './tree.ts'

/** A YAML file as its schema reads it. */
export interface ReadDocument<Output> {
  /** What the YAML says, faulty or not; null where the text is not YAML that can be read. */
  readonly written: { readonly tree: Tree; readonly data: unknown } | null
  /** Null where something in it is not as the schema says. */
  readonly value: Output | null
  readonly defects: readonly Defect[]
  readonly position: Source['position']
}

/** Never throws, whatever the text. `keys` are the words for what an empty file lacks: "version and cases". */
export function readDocument<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  keys: string,
  surroundings: Surroundings,
): ReadDocument<z.output<Schema>> {
  const { tree, defects, position } = readSource(text, surroundings, keys)
  if (tree === null) return { written: null, value: null, defects, position }
  const data = toData(tree)
  const parsed = schema.safeParse(data, { error: expectation })
  const refused = parsed.success ? [] : defectsOf(parsed.error.issues, schema, tree)
  return {
    written: { tree, data },
    value: parsed.success ? parsed.data : null,
    defects: [...defects, ...refused],
    position,
  }
}

/** Defects as faults of the file, in its order. */
export function faultsOf(defects: readonly Defect[], position: Source['position'], file: string): Fault[] {
  return firstPerPath(defects)
    .map(({ path, found, expected, offset }) => ({
      file,
      ...position(offset),
      path: formatPath(path),
      found,
      expected,
    }))
    .sort(byPosition)
}

/** A value with a fault brings up more: the first says what to mend. Several unknown keys share the path of their parent. */
function firstPerPath(defects: readonly Defect[]): Defect[] {
  const seen = new Set<string>()
  return defects.filter(({ path, offset }) => {
    const key = `${offset} ${formatPath(path)}`
    const first = !seen.has(key)
    seen.add(key)
    return first
  })
}
