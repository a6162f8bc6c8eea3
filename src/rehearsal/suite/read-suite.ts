import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe } from '../../config/describe.ts'
import type { Fault } from '../../config/fault.ts'
import { faultsOf, readDocument } from '../../config/read-document.ts'
import { readTextFile } from '../../config/read-text.ts'
import type { Defect } from '../../config/read-tree.ts'
import { find, type Tree } from '../../config/tree.ts'
import { suiteConflicts } from './rules.ts'
import { type Suite, suite } from './suite-schema.ts'

/** A suite with where it was read from. */
export interface ReadSuite extends Suite {
  /** As it was named. */
  readonly file: string
  /** Where relative paths in it start. */
  readonly folder: string
}

export type SuiteReading =
  | { readonly ok: true; readonly suite: ReadSuite }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** Reads a suite, or says all that is wrong with it. References to secrets are as in a configuration. */
export function readSuite(file: string, env: Readonly<Record<string, string | undefined>>): SuiteReading {
  const read = readTextFile(file, 'a suite')
  if ('fault' in read) return { ok: false, faults: [read.fault] }
  const folder = resolve(dirname(file))
  const readFile = (path: string): string => readFileSync(resolve(folder, path), 'utf8')
  const document = readDocument(read.text, suite, 'version, owner and cases', { env, readFile })
  const { value, written, position } = document
  const conflicts = value === null || written === null ? [] : conflictsOf(value, written.tree, folder)
  const defects = [...document.defects, ...conflicts]
  if (value !== null && defects.length === 0) return { ok: true, suite: { ...value, file, folder } }
  return { ok: false, faults: faultsOf(defects, position, file) }
}

function conflictsOf(value: Suite, tree: Tree, folder: string): Defect[] {
  return suiteConflicts(value, (path) => isReadable(resolve(folder, path))).map(({ path, expected }) => {
    const place = find(tree, path)
    return { path, expected, found: describe(place.tree, path), offset: place.offset }
  })
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
