import type { DetectedType } from '../../types.ts'

/**
 * Memory in which a thread says what it works at: one 32-bit word for the id of its task, one for the length of what
 * follows, and what was detected, as JSON. A message for each would cost more than inspecting a small file does, since
 * each wakes the other thread.
 */
export type Progress = SharedArrayBuffer

const header = 8
const longest = 1016

export function newProgress(): Progress {
  return new SharedArrayBuffer(header + longest)
}

export function noteBegin(progress: Progress, id: number): void {
  const words = new Int32Array(progress, 0, 2)
  Atomics.store(words, 1, 0)
  Atomics.store(words, 0, id)
}

export function noteDetected(progress: Progress, detected: DetectedType): void {
  const json = Buffer.from(JSON.stringify(detected))
  if (json.length > longest) return
  new Uint8Array(progress, header).set(json)
  Atomics.store(new Int32Array(progress, 0, 2), 1, json.length)
}

/** The task that the thread began last. */
export function taskOf(progress: Progress): number {
  return Atomics.load(new Int32Array(progress, 0, 2), 0)
}

/** What it detected of that; only to be asked of a thread that has ended, or will not get to another task. */
export function detectedOf(progress: Progress): DetectedType | null {
  const length = Atomics.load(new Int32Array(progress, 0, 2), 1)
  if (length === 0) return null
  return JSON.parse(Buffer.from(new Uint8Array(progress, header, length)).toString()) as DetectedType
}
