import { giveBack } from '../../../give-back.ts'
import type { FileContent } from '../../types.ts'
import { type ReadMessage, unreadable, windowHeader } from './task.ts'

/** Gives a sleeping thread the bytes that it asked for. Resolves with what kept them from being read; never rejects. */
export async function fillWindow(
  content: FileContent,
  { start, end, window }: ReadMessage,
): Promise<{ error: unknown } | null> {
  try {
    const bytes = await content.read(start, end)
    new Uint8Array(window, windowHeader).set(bytes)
    wake(window, bytes.length)
    giveBack(bytes)
    return null
  } catch (error) {
    wake(window, unreadable)
    return { error }
  }
}

function wake(window: SharedArrayBuffer, outcome: number): void {
  const state = new Int32Array(window, 0, 1)
  Atomics.store(state, 0, outcome)
  Atomics.notify(state, 0)
}
