/**
 * Works on the items in their order, so many at a time. Rejects with the first error; what is under way then goes on, and
 * so do the others.
 */
export async function eachAtOnce<Item>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const one = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: most }, one))
}

/** Ends with the signal; `enough` ends the others without an error. */
export type Task = (signal: AbortSignal, enough: () => void) => Promise<void>

/**
 * All tasks at a time. The first that fails, or has enough, ends the others, and all have ended when this settles.
 * Rejects with the signal's reason, or with what failed first.
 */
export async function together(tasks: readonly Task[], signal: AbortSignal): Promise<void> {
  const [only] = tasks
  // For most uploads, which have one file: a signal made of others costs more than all of this.
  const ended = only !== undefined && tasks.length === 1 ? only(signal, () => {}) : endEachOther(tasks, signal)
  await ended.finally(() => signal.throwIfAborted())
}

async function endEachOther(tasks: readonly Task[], signal: AbortSignal): Promise<void> {
  const ending = new AbortController()
  const either = AbortSignal.any([signal, ending.signal])
  const failures: unknown[] = []
  const run = async (task: Task): Promise<void> => {
    try {
      await task(either, () => ending.abort())
    } catch (error) {
      // What rejects because it was ended is no failure of its own.
      if (!either.aborted) failures.push(error)
      ending.abort(error)
    }
  }
  await Promise.all(tasks.map(run))
  if (failures.length > 0) throw failures[0]
}
