import { dirname, resolve } from 'node:path'
import { addressesInUse, publicOperations } from './address-rules.ts'
import type { Configuration } from './configuration.ts'
import type { Rule } from './conflict.ts'
import { describe } from './describe.ts'
import { draftOf } from './draft.ts'
import type { Fault } from './fault.ts'
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
import { faultsOf, readDocument } from './read-document.ts'
import type { Defect } from './read-tree.ts'
import {
  unfitCandidates,
  unknownPolicies,
  unknownScanners,
  unknownUpstreams,
  unreachableRoutes,
  uploadsPassWithPolicy,
} from './reference-rules.ts'
import { configuration } from './schema.ts'
import type { Surroundings } from './secrets.ts'
import { find, type Tree } from './tree.ts'

const rules: readonly Rule[] = [
  unknownUpstreams,
  unknownPolicies,
  unknownScanners,
  unfitCandidates,
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
  const surroundings = { env, readFile: (path: string) => readFile(resolve(folder, path)) }
  const document = readDocument(text, configuration, 'version, upstreams and routes', surroundings)
  const { written, value, position } = document
  if (written === null) return { ok: false, faults: faultsOf(document.defects, position, file) }
  const places = placesIn(written.tree, position)
  const defects = [...document.defects, ...conflicts(written.data, written.tree, places)]
  if (value !== null && defects.length === 0) return { ok: true, configuration: value, places }
  return { ok: false, faults: faultsOf(defects, position, file) }
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
