import { formatFault } from '../config/fault.ts'
import { type Loaded, loadConfiguration } from '../config/load.ts'
import { printable } from '../printable.ts'

export type Ready = Extract<Loaded, { readonly ok: true }>

/** The configuration in a file; null where it has faults, which are told as `check` tells them. */
export function loadOrTell(file: string, env: NodeJS.ProcessEnv = process.env): Ready | null {
  const loaded = loadConfiguration(file, env)
  if (loaded.ok) return loaded
  process.stderr.write(loaded.faults.map((fault) => `${printable(formatFault(fault))}\n`).join(''))
  return null
}
