import { readFileSync } from 'node:fs'
import type { Configuration } from './config/configuration.ts'

/** Logs, listeners, scanners and the like. */
const others = 256

/**
 * Open files that a configuration can need: each client's connection with one to a backend, and the spool file of each
 * upload.
 */
export function openFilesNeeded({ admission }: Configuration): number {
  return 2 * admission.connections.total + admission.uploads.active + others
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
