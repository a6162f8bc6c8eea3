import { dirname, resolve } from 'node:path'
import { addressesInUse, publicOperations } from './address-rules.ts'
import type { Configuration } from './configuration.ts'
import type { Rule } from './conflict.ts'
import { describe } from './describe.ts'
import { draftOf } from './draft.ts'
import { byPosition, type Fault, formatPath } from './fault.ts'
import { defectsOf, expectation } from './issues.ts'
import {
  limitsAboveCeilings,
  memoryTooSmall,
  requiredButNotAllowed,
  spoolTooSmall,
  totalBelowIdle,
  typesUndecided,
} from './limit-rules.ts'
import {
  bytesBelowRequestSize,
  claimsWithoutTokens,
  oneMeasure,
  unknownLimits,
  uploadLimitsWithoutPolicy,
} from './limit-use-rules.ts'
import { type Places, placesIn } from './places.ts'
import { nowhereToKeep, oneKindOfQuarantine, quarantineWithoutLedger } from './quarantine-rules.ts'
import type { Defect } from './read-tree.ts'
import {
  unknownPolicies,
  unknownScanners,
  unknownUpstreams,
  unreachableRoutes,
  uploadsPassWithPolicy,
} from './reference-rules.ts'
import { configuration } from './schema.ts'
import type { Surroundings } from './secrets.ts'
import { readSource } from './source.ts'
import { find, type Tree, toData } from './tree.ts'

const rules: readonly Rule[] = [
  unknownUpstreams,
  unknownPolicies,
  unknownScanners,
  uploadsPassWithPolicy,
  unreachableRoutes,
  addressesInUse,
  publicOperations,
  typesUndecided,
  limitsAboveCeilings,
  requiredButNotAllowed,
  spoolTooSmall,
  memoryTooSmall,
  totalBelowIdle,
  nowhereToKeep,
  oneKindOfQuarantine,
  quarantineWithoutLedger,
  unknownLimits,
  oneMeasure,
  claimsWithoutTokens,
  uploadLimitsWithoutPolicy,
  bytesBelowRequestSize,
]

export type Checked =
  | { readonly ok: true; readonly configuration: Configuration; readonly places: Places }
  | { readonly ok: false; readonly faults: readonly Fault[] }

export interface CheckOptions extends Surroundings {
  /** The name of the file, for messages; relative secret files start at its folder. */
  readonly file: string
}

/** All that is wrong with a configuration, in the order of the file. Asks nothing but `env` and `readFile`. */
export function checkConfiguration(text: string, { file, env, readFile }: CheckOptions): Checked {
  const folder = dirname(file)
  const source = readSource(text, { env, readFile: (path) => readFile(resolve(folder, path)) })
  if (source.tree === null) return { ok: false, faults: locate(source.defects, source.position, file) }
  const data = toData(source.tree)
  const parsed = configuration.safeParse(data, { error: expectation })
  const refused = parsed.success ? [] : defectsOf(parsed.error.issues, configuration, source.tree)
  const places = placesIn(source.tree, source.position)
  const defects = firstPerPath([...source.defects, ...refused, ...conflicts(data, source.tree, places)])
  if (parsed.success && defects.length === 0) return { ok: true, configuration: parsed.data, places }
  return { ok: false, faults: locate(defects, source.position, file) }
}

function conflicts(data: unknown, tree: Tree, { written }: Places): Defect[] {
  const draft = draftOf(data)
  return rules
    .flatMap((rule) => rule(draft, written))
    .map(({ path, expected, found }) => {
      const place = find(tree, path)
      return { path, expected, found: found ?? describe(place.tree, path), offset: place.offset }
    })
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

function locate(
  defects: readonly Defect[],
  position: (offset: number) => { line: number; column: number },
  file: string,
) {
  return defects
    .map(({ path, found, expected, offset }) => ({
      file,
      ...position(offset),
      path: formatPath(path),
      found,
      expected,
    }))
    .sort(byPosition)
}
