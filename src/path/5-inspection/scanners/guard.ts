import type { Scan } from '../../types.ts'
import type { ScannerLog } from './announcer.ts'
import { type Attempt, attempt } from './attempt.ts'
import { cacheKey, type VerdictCache } from './cache/verdict-cache.ts'
import { believed, coverage } from './coverage.ts'
import { scanFaults, unscanned } from './faults.ts'
import { describe, type ScannerHealth, whyDown } from './health.ts'
import type { ScanAnswer, ScannedFile, Scanner } from './scanner.ts'
import type { GuardSettings, ScannerKind, ScannerNeed } from './settings.ts'
import { createSlots } from './slots.ts'
import { supervise } from './supervisor.ts'
import { createTelemetry, type ScannerMetrics } from './telemetry.ts'

export interface GuardDependencies {
  readonly kind: ScannerKind
  readonly need: ScannerNeed
  readonly cache: VerdictCache
  readonly metrics: ScannerMetrics
  readonly log: ScannerLog
}

/** A scanner that is asked no more than it bears, in bounded time, and believed no more than it has shown to be worth. */
export interface GuardedScanner {
  /** Rejects with the signal's reason, and with the error of reading the file; every other failure is in the scan. */
  ask(file: ScannedFile, signal: AbortSignal): Promise<Scan>
  /** Probes it and asks for its version now; rejects with the signal's reason. */
  probe(signal: AbortSignal): Promise<void>
  health(): ScannerHealth
  /** Brings the gauges up to date. */
  collect(): void
  /** Ends all that goes on in the background, and the scanner. */
  close(): Promise<void>
}

/** Begins at once to find out, in the background, what the scanner is worth. */
export function guardScanner(
  name: string,
  scanner: Scanner,
  settings: GuardSettings,
  { kind, need, cache, metrics, log }: GuardDependencies,
): GuardedScanner {
  const slots = createSlots(settings.concurrent, settings.queue)
  const telemetry = createTelemetry(metrics, name, kind, need)
  const supervisor = supervise({ name, kind, scanner, settings, need, log })
  const { circuit } = supervisor

  /** Null where an answer is not to be kept: it is not known what it depends on, or it is worth nothing. */
  function keyOf(file: ScannedFile): string | null {
    const { trouble, proof, staleness } = supervisor.condition
    const { version } = supervisor.version
    // A list in memory is faster than any cache.
    const kept = kind !== 'hashes' && trouble === null && proof.honest === true && staleness === null
    if (version === null || !kept) return null
    return cacheKey({ scanner: name, kind, version, largest: proof.largest, depth: proof.depth }, file.sha256)
  }

  async function question(file: ScannedFile, signal: AbortSignal): Promise<Attempt> {
    if (circuit.state !== 'closed') return notAsked('circuit')
    if (!(await slots.take({ wait: settings.wait, signal }))) return notAsked('queue')
    let asked = false
    const answered = await circuit.run(() => {
      asked = true
      return attempt(scanner, file, { timeout: settings.timeout, signal, ended: slots.free })
    })
    if (!asked) slots.free()
    return answered ?? notAsked('circuit')
  }

  /** What the answer comes to, as far as the scanner is to be believed at the moment. */
  async function judge(answer: ScanAnswer, file: ScannedFile, signal: AbortSignal): Promise<ScanAnswer> {
    if (answer.result === 'clean') await supervisor.proven(settings.wait, signal)
    const { proof, staleness } = supervisor.condition
    return believed(answer, file.size, { honesty: proof.doubt, staleness, largest: proof.largest })
  }

  async function askNow(file: ScannedFile, signal: AbortSignal): Promise<ScanAnswer> {
    const key = keyOf(file)
    const { answer: said, taken } = await question(file, signal)
    telemetry.took(taken)
    const answer = await judge(coverage(said, { size: file.size, taken }), file, signal)
    // Where the version or the proof has changed meanwhile, it is not known which of them the answer is of.
    if (answer.result !== 'unscanned' && key !== null && key === keyOf(file)) cache.store(key, answer)
    return answer
  }

  async function recall(file: ScannedFile): Promise<ScanAnswer | null> {
    const key = keyOf(file)
    if (key === null) return null
    const { answer, result } = await cache.find(key)
    telemetry.lookedUp(result)
    return answer
  }

  return {
    async ask(file, signal) {
      signal.throwIfAborted()
      const begun = performance.now()
      const { version } = supervisor.version
      const recalled = await recall(file)
      signal.throwIfAborted()
      const answer = recalled ?? (await askNow(file, signal))
      const duration = performance.now() - begun
      telemetry.answered(answer)
      if (recalled === null) telemetry.timed(duration)
      const { depth } = supervisor.condition.proof
      const result =
        answer.result === 'unscanned'
          ? { result: answer.result, reason: scanFaults[answer.fault].reason, detail: answer.detail }
          : answer
      return { ...result, scanner: name, version, depth, cached: recalled !== null, duration: Math.round(duration) }
    },
    probe: (signal) => supervisor.probe(signal),
    health() {
      const { condition, version } = supervisor
      const { circuit: state, proof } = condition
      const required = settings.readiness === 'require'
      const stale = condition.staleness !== null
      const said = { up: whyDown(condition) === null, detail: describe(condition), stale }
      return { name, kind, ...said, required, probe: proof.last, ...version, circuit: state }
    },
    collect() {
      const { condition, version } = supervisor
      supervisor.tell()
      const { proof, circuit: state } = condition
      const counts = { active: slots.active, waiting: slots.waiting, signaturesAt: version.signaturesAt }
      telemetry.show({ up: whyDown(condition) === null, circuitOpen: state !== 'closed', ...counts, proof })
    },
    async close() {
      await supervisor.close()
      await scanner.close()
      telemetry.forget()
    },
  }
}

function notAsked(fault: 'circuit' | 'queue'): Attempt {
  return { answer: unscanned(fault), taken: 0 }
}
