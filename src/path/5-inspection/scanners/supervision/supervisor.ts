import { startDeadline } from '../../../../deadline.ts'
import { orAbort } from '../../../../or-abort.ts'
import { describeFault } from '../../../../printable.ts'
import { unscanned } from '../faults.ts'
import { probeScanner } from '../probe/probe.ts'
import { eicarSample, sampleFile } from '../probe/sample.ts'
import { type Attempt, attempt } from '../question/attempt.ts'
import { type Circuit, type CircuitName, openCircuit } from '../question/circuit.ts'
import type { Scanner, ScannerVersion } from '../scanner.ts'
import type { GuardSettings, ScannerKind, ScannerNeed } from '../settings.ts'
import { createAnnouncer, type ScannerLog } from './announcer.ts'
import type { Condition } from './health.ts'
import { startProber } from './prober.ts'
import { learn, noProof } from './proof.ts'
import { stalenessOf } from './staleness.ts'
import { type VersionChange, watchVersion } from './version-watch.ts'

/** One scanner of the configuration. */
export interface Supervised {
  readonly name: string
  readonly kind: ScannerKind
  readonly scanner: Scanner
  readonly settings: GuardSettings
  readonly need: ScannerNeed
  /** Levels of archives that its answers speak of before it was shown any; null where they do not matter. */
  readonly depth: number | null
  readonly log: ScannerLog
}

/** Finds out, off the path of uploads, what a scanner is worth at the moment. */
export interface Supervisor {
  readonly condition: Condition
  readonly version: ScannerVersion
  readonly circuit: Circuit
  /**
   * Waits for a probe where none has shown anything yet, and for the version where its age counts and it could not be
   * had, at most so many milliseconds; rejects with the signal's reason.
   */
  proven(wait: number, signal: AbortSignal): Promise<void>
  /** Probes and asks for the version now; resolves when both have ended. Rejects with the signal's reason. */
  probe(signal: AbortSignal): Promise<void>
  /** Says in the log what has changed. */
  tell(): void
  close(): Promise<void>
}

/** Milliseconds: a file of 68 bytes takes no longer where a scanner works at all. */
const longestTrial = 10_000

/** Begins to ask and to probe at once. */
export function supervise({ name, kind, scanner, settings, need, depth, log }: Supervised): Supervisor {
  const closing = new AbortController()
  const announcer = createAnnouncer(log, name)
  let proof = noProof(kind, depth)
  const conditionNow = (): Condition => ({
    circuit: circuit.state,
    failure: circuit.failure,
    trouble: watch.trouble,
    proof,
    staleness: stalenessOf(watch.version.signaturesAt, settings.signatureAge),
  })
  const tell = (): void => announcer.tell(conditionNow())
  const probe = (): void => void prober.now(closing.signal).catch(ignore)

  const prober = startProber({
    interval: settings.probe,
    probe: (signal) => probeScanner(scanner, { need, kind, timeout: settings.timeout }, signal),
    onResult: (result) => {
      proof = learn(proof, result, kind, need)
      tell()
    },
  })
  const watch = watchVersion(scanner, ({ returned, renewed }: VersionChange) => {
    tell()
    // What came back or was renewed may have other limits than before.
    if (returned || renewed) probe()
  })
  const onChange = (state: CircuitName): void => {
    tell()
    if (state !== 'closed') return
    void watch.refresh()
    probe()
  }
  const circuit = openCircuit({ trial: () => tryOnce(scanner, settings.timeout, closing.signal), onChange })
  void watch.refresh()
  probe()

  return {
    get condition() {
      return conditionNow()
    },
    get version() {
      return watch.version
    },
    circuit,
    async proven(wait, signal) {
      const unproven = proof.honest === null
      const ageless = settings.signatureAge !== null && watch.trouble !== null
      if (!unproven && !ageless) return
      await atMost(wait, signal, async (until) => {
        const known = ageless ? orAbort(watch.refresh(), until) : null
        await Promise.all([known, unproven ? prober.now(until) : null])
      })
    },
    async probe(signal) {
      await Promise.all([prober.now(signal), orAbort(watch.refresh(), signal)])
    },
    tell,
    async close() {
      closing.abort()
      circuit.close()
      await Promise.all([prober.close(), watch.close()])
    },
  }
}

function ignore(): void {}

/** Never rejects. */
async function tryOnce(scanner: Scanner, timeout: number, signal: AbortSignal): Promise<Attempt> {
  try {
    const file = await sampleFile(eicarSample, signal)
    return await attempt(scanner, file, { timeout: Math.min(timeout, longestTrial), signal })
  } catch (error) {
    return { answer: unscanned('failed', describeFault(error)), taken: 0 }
  }
}

/** Ends quietly when the time is over; rejects with the signal's reason. */
async function atMost(wait: number, signal: AbortSignal, task: (until: AbortSignal) => Promise<void>): Promise<void> {
  using deadline = startDeadline(wait, 'the wait is over', signal)
  try {
    await task(deadline.signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!deadline.isOver) throw error
  }
}
