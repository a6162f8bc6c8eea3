import { startDeadline } from '../../../../deadline.ts'
import { unscanned } from '../faults.ts'
import type { ScanAnswer, ScannedFile, Scanner } from '../scanner.ts'

/** One question and what came of it. */
export interface Attempt {
  readonly answer: ScanAnswer
  /** Bytes of the file that the scanner took. */
  readonly taken: number
}

export interface AttemptOptions {
  /** Milliseconds for the answer; when they are over, that is an answer like any other. */
  readonly timeout: number
  readonly signal: AbortSignal
  /** Called once, when the scanner has let go of the file. */
  readonly ended?: () => void
}

/** Milliseconds that a scanner has to let go of a file when it is told to; one that does not is left behind. */
const grace = 1000

/** Asks once. Rejects with the signal's reason, and with the error of reading the file. */
export async function attempt(scanner: Scanner, file: ScannedFile, options: AttemptOptions): Promise<Attempt> {
  const { timeout, signal, ended = ignore } = options
  using deadline = startDeadline(timeout, 'the deadline of the scan is over', signal)
  let taken = 0
  const count = (bytes: number): void => void (taken += bytes)
  try {
    const scan = Promise.try(() => scanner.scan(file, { signal: deadline.signal, taken: count }))
    scan.then(ended, ended)
    return { answer: await orLeave(scan, deadline.signal), taken }
  } catch (error) {
    signal.throwIfAborted()
    if (!deadline.isOver) throw error
    return { answer: unscanned(taken < file.size ? 'hung' : 'timeout'), taken }
  }
}

function ignore(): void {}

/** The answer, or the signal's reason where the scanner does not heed the signal. */
function orLeave(scan: Promise<ScanAnswer>, signal: AbortSignal): Promise<ScanAnswer> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | null = null
    const abort = (): void => {
      timer = setTimeout(() => reject(signal.reason), grace).unref()
    }
    const settle = (): void => {
      signal.removeEventListener('abort', abort)
      if (timer !== null) clearTimeout(timer)
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
    scan.then(resolve, reject).finally(settle)
  })
}
