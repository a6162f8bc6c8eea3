import { readFileSync } from 'node:fs'
import { checkConfiguration } from './check.ts'
import type { Fault } from './fault.ts'
import type { Places } from './places.ts'
import { readTextFile } from './read-text.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'

/** All that a configuration was made of, as plain data: who reads it again gets the same, whatever has become of the files. */
export interface Material {
  readonly file: string
  readonly text: string
  /** The files that it refers to, with what was in them. */
  readonly files: Readonly<Record<string, string>>
}

export type Loaded =
  | { readonly ok: true; readonly snapshot: Snapshot; readonly places: Places; readonly material: Material }
  | { readonly ok: false; readonly faults: readonly Fault[] }

type Environment = Readonly<Record<string, string | undefined>>

/** Reads and checks a configuration file and the secrets it refers to. A file that cannot be read is a fault as well. */
export function loadConfiguration(file: string, env: Environment): Loaded {
  const read = readTextFile(file, 'a configuration file')
  if ('fault' in read) return { ok: false, faults: [read.fault] }
  return loadText(read.text, file, env)
}

/** The same for a text that stands elsewhere, as if it were in the file: its relative paths start at the file's folder. */
export function loadText(text: string, file: string, env: Environment): Loaded {
  const files: Record<string, string> = {}
  const readFile = (path: string): string => {
    files[path] = readFileSync(path, 'utf8')
    return files[path]
  }
  return compile({ file, text, files }, env, readFile)
}

/** The configuration once more, in another process. `env` must be that of the first. */
export function loadMaterial(material: Material, env: Environment): Loaded {
  return compile(material, env, (path) => {
    const text = material.files[path]
    if (text === undefined) throw new Error(`${path} was not read before`)
    return text
  })
}

function compile(material: Material, env: Environment, readFile: (path: string) => string): Loaded {
  const { file, text } = material
  const checked = checkConfiguration(text, { file, env, readFile })
  if (!checked.ok) return checked
  const snapshot = takeSnapshot(text, file, checked.configuration)
  return { ok: true, snapshot, places: checked.places, material }
}
