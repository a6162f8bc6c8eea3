import { readFile } from 'node:fs/promises'
import { withinDeadline } from '../disk-deadline.ts'
import type { Configured } from './surroundings.ts'

/** What stands in the file, where that was not loaded: an edit that somebody has not applied yet, or that was refused. */
export async function unloadedText(file: string, known: readonly Configured[]): Promise<string | null> {
  const text = await withinDeadline(readFile(file, 'utf8')).catch(() => null)
  return text === null || known.some(({ material }) => material.text === text) ? null : text
}
