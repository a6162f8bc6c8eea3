import { startDeadline } from '../../../../deadline.ts'
import { orAbort } from '../../../../or-abort.ts'
import { describeFault } from '../../../../printable.ts'
import type { Scanner, ScannerVersion } from '../scanner.ts'

/** Milliseconds from one question to the next while it answers, and while it does not. */
const calm = 30_000
const anxious = 5000

/** Milliseconds for the answer. */
const timeout = 5000

/** What stands in the way before the first answer. */
export const notAsked = 'it was not asked yet'

export interface VersionWatch {
  /** As it was told last; unknown before that. */
  readonly version: ScannerVersion
  /** Why the scanner could not be asked when it was last tried, a clause for operators; null where it could. */
  readonly trouble: string | null
  /** Asks now; resolves when it is known, or not to be had. */
  refresh(): Promise<void>
  close(): Promise<void>
}

export interface VersionChange {
  /** Whether it answers after it did not. */
  readonly returned: boolean
  /** Whether the version is another one than before. */
  readonly renewed: boolean
}

/** Keeps the version of a scanner known, off the path of uploads; it is also how a scanner that nobody asks is found down. */
export function watchVersion(scanner: Scanner, onChange: (change: VersionChange) => void): VersionWatch {
  const closing = new AbortController()
  let version: ScannerVersion = { version: null, signaturesAt: null }
  let trouble: string | null = notAsked
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  async function ask(): Promise<void> {
    const before = { version, trouble }
    try {
      version = await answerOf(scanner, closing.signal)
      trouble = null
    } catch (error) {
      if (closing.signal.aborted) return
      trouble = describeFault(error)
    }
    const returned = before.trouble !== null && trouble === null
    const renewed = before.version.version !== version.version
    if (returned || renewed || trouble !== before.trouble) onChange({ returned, renewed })
  }

  function refresh(): Promise<void> {
    if (closing.signal.aborted) return Promise.resolve()
    if (timer !== null) clearTimeout(timer)
    running ??= ask().finally(() => {
      running = null
      if (!closing.signal.aborted) timer = setTimeout(() => void refresh(), trouble === null ? calm : anxious).unref()
    })
    return running
  }

  return {
    get version() {
      return version
    },
    get trouble() {
      return trouble
    },
    refresh,
    async close() {
      closing.abort()
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}

async function answerOf(scanner: Scanner, closing: AbortSignal): Promise<ScannerVersion> {
  using deadline = startDeadline(timeout, 'it does not say its version in time', closing)
  const { signal } = deadline
  try {
    return await orAbort(scanner.version(signal), signal)
  } catch (error) {
    throw deadline.isOver ? signal.reason : error
  }
}
