import { readFileSync } from 'node:fs'
import type { Configuration } from './config/configuration.ts'

/** Connections of plain requests to backends, to scanners, logs and listeners. */
const others = 1024

/** Open files that a configuration can need: connections of clients, and for each upload a spool file and a connection to a backend. */
export function openFilesNeeded({ admission }: Configuration): number {
  return admission.connections.total + 2 * admission.uploads.active + others
}

/** How many this process may have, which Node has raised as far as it may; null where the system does not tell. */
export function openFilesAllowed(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    if (soft === undefined) return null
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
  } catch {
    return null
  }
}
