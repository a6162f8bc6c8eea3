import { glob, stat } from 'node:fs/promises'

/** Path to a text that is another one after each change of the file; for one that is not there, the reason. */
export type Stamps = ReadonlyMap<string, string>

/** What is told of files that have changed since they were first loaded. */
export interface ReloadEvents {
  /** They are in use. */
  readonly onRenewed: () => void
  /** They cannot be used, and those before stay in use; once for each change. */
  readonly onFault: (error: Error) => void
}

export interface WatchedFiles extends ReloadEvents {
  /** Absolute paths, with `*` for any characters of a name and `**` for any folders. */
  readonly patterns: readonly string[]
  /** Takes the files into use; rejects where it cannot, and what it took before stays in use. */
  readonly load: (stamps: Stamps) => Promise<void>
  /** Milliseconds from one look at the files to the next. */
  readonly every: number
}

export interface FileWatch {
  /** Looks no more; what is being loaded is left to its owner. */
  close(): void
}

/** How often files are looked at, where nothing else is said. */
export const lookEvery = 10_000

/** A file is taken when it stayed as it is for so long: what is still being written may end anywhere. */
const settling = 1000

/**
 * Loads the files, and again whenever they have changed. Rejects with the error of the first `load`. Polls, because
 * notices of the system are not given on network file systems, nor for files behind exchanged links.
 */
export async function watchFiles({ patterns, load, onRenewed, onFault, every }: WatchedFiles): Promise<FileWatch> {
  const first = await stampsOf(patterns)
  await load(first)
  let loaded = textOf(first)
  let seen = loaded
  let closed = false

  async function look(): Promise<void> {
    const stamps = await stampsOf(patterns)
    const now = textOf(stamps)
    const settled = now === seen
    seen = now
    if (closed || !settled || now === loaded) return
    loaded = now
    await load(stamps)
    if (!closed) onRenewed()
  }

  function wait(): NodeJS.Timeout {
    return setTimeout(next, seen === loaded ? every : Math.min(every, settling)).unref()
  }

  function next(): void {
    void look()
      .catch((error: unknown) => {
        if (!closed) onFault(error instanceof Error ? error : new Error(String(error)))
      })
      .finally(() => {
        if (!closed) timer = wait()
      })
  }

  let timer = wait()
  return {
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

async function stampsOf(patterns: readonly string[]): Promise<Stamps> {
  const paths = await Promise.all(patterns.map(expand))
  const unique = [...new Set(paths.flat())].toSorted()
  return new Map(await Promise.all(unique.map(async (path) => [path, await stampOf(path)] as const)))
}

async function expand(pattern: string): Promise<string[]> {
  if (!pattern.includes('*')) return [pattern]
  const paths: string[] = []
  for await (const path of glob(pattern)) paths.push(path)
  return paths
}

async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeNs, ctimeNs, ino, dev } = await stat(path, { bigint: true })
    // Of these, a change of its rights changes ctime alone: what could not be read may be readable now.
    return [size, mtimeNs, ctimeNs, ino, dev].join(' ')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable'
  }
}

function textOf(stamps: Stamps): string {
  return JSON.stringify([...stamps])
}
