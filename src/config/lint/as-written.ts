import type { Written } from '../conflict.ts'
import type { Path } from '../fault.ts'
import { formatDuration, formatSize } from '../units.ts'

/** A size or a time as the file has it, since it may come from a secret; where a pack or a default gives it, its value. */
export function sizeAt(written: Written, path: Path, bytes: number): string {
  return written(path) ?? formatSize(bytes)
}

export function durationAt(written: Written, path: Path, milliseconds: number): string {
  return written(path) ?? formatDuration(milliseconds)
}
