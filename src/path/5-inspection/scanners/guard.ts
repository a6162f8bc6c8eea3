import { createSlots } from '../../../slots.ts'
import type { Scan, ScanResult } from '../../types.ts'
import { cacheKey, type VerdictCache } from './cache/verdict-cache.ts'
import { scanFaults } from './faults.ts'
import { kinds } from './kinds.ts'
import { believed, coverage } from './question/coverage.ts'
import { type Asked, question } from './question/question.ts'
import type { ScanAnswer, ScannedFile, Scanner } from './scanner.ts'
import type { GuardSettings, ScannerKind, ScannerNeed } from './settings.ts'
import type { ScannerLog } from './supervision/announcer.ts'
import { healthIn, type ScannerHealth, whyDown } from './supervision/health.ts'
import { provenThroughout } from './supervision/proof.ts'
import { type Supervisor, supervise } from './supervision/supervisor.ts'
import { createTelemetry, type ScannerMetrics, type Telemetry } from './telemetry.ts'

export interface GuardDependencies {
  readonly kind: ScannerKind
  /** Where the scanner is and how it is asked: another one by the same name may answer otherwise. */
  readonly target: string
  readonly need: ScannerNeed
  /** Levels of archives that its answers speak of before it was shown any; null where they do not matter. */
  readonly depth: number | null
  /** Why changed rules or lists are not in force; null where none wait to be. */
  readonly outdated: () => string | null
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
  /** Whether it failed so often that it is not asked at the moment. */
  readonly isDown: boolean
  /** Brings the gauges up to date. */
  collect(): void
  /** Ends all that goes on in the background, and the scanner. */
  close(): Promise<void>
}

/** An answer as far as it is believed, and the levels of archives that it speaks of. */
interface Judged {
  readonly answer: ScanAnswer
  readonly depth: number | null
}

/** Begins at once to find out, in the background, what the scanner is worth. */
export function guardScanner(
  name: string,
  scanner: Scanner,
  settings: GuardSettings,
  { kind, target, need, depth: unshown, outdated, cache, metrics, log }: GuardDependencies,
): GuardedScanner {
  const slots = createSlots(settings.concurrent, settings.queue)
  const telemetry = createTelemetry(metrics, name, kind, need)
  const supervisor = supervise({ name, kind, scanner, settings, need, depth: unshown, log })
  const asked = { scanner, slots, circuit: supervisor.circuit, settings }
  const { recall, askNow } = answering({ name, kind, target, cache, telemetry, supervisor, asked })

  return {
    async ask(file, signal) {
      signal.throwIfAborted()
      const begun = performance.now()
      const { version } = supervisor.version
      const recalled = await recall(file)
      signal.throwIfAborted()
      const { answer, depth } = recalled ?? (await askNow(file, signal))
      const duration = performance.now() - begun
      telemetry.answered(answer)
      if (recalled === null) telemetry.timed(duration)
      const cached = recalled !== null
      return { ...resultOf(answer), scanner: name, version, depth, cached, duration: Math.round(duration) }
    },
    probe: (signal) => supervisor.probe(signal),
    get isDown() {
      return supervisor.circuit.state !== 'closed'
    },
    health() {
      const required = settings.readiness === 'require'
      const { detail, ...health } = healthIn(supervisor.condition)
      const late = outdated()
      const details = late === null ? detail : `${detail}; ${late}`
      return { name, kind, required, outdated: late, ...supervisor.version, ...health, detail: details }
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

interface Answering extends Pick<GuardDependencies, 'kind' | 'target' | 'cache'> {
  readonly name: string
  readonly telemetry: Telemetry
  readonly supervisor: Supervisor
  readonly asked: Asked
}

/** Two ways to an answer: what was answered before (null where nothing was), and asking. */
function answering({ name, kind, target, cache, telemetry, supervisor, asked }: Answering) {
  /** Null where an answer is not to be kept: it is not known what it depends on, or it is worth nothing. */
  function keyOf(file: ScannedFile): string | null {
    const { trouble, proof, staleness } = supervisor.condition
    const { version } = supervisor.version
    const kept = kinds[kind].cached && trouble === null && proof.honest === true && staleness === null
    if (version === null || !kept) return null
    const { largest, depth } = proof
    return cacheKey({ scanner: name, kind, target, version, largest, depth }, file.sha256)
  }

  async function askNow(file: ScannedFile, signal: AbortSignal): Promise<Judged> {
    const key = keyOf(file)
    const before = supervisor.condition.proof
    const { answer: said, taken } = await question(asked, file, signal)
    telemetry.took(taken)
    const covered = coverage(said, { size: file.size, taken })
    if (covered.result === 'clean') await supervisor.proven(asked.settings.wait, signal)
    const { proof, staleness } = supervisor.condition
    const { doubt, largest, depth } = provenThroughout(before, proof)
    const answer = believed(covered, file.size, { honesty: doubt, staleness: staleness?.detail ?? null, largest })
    // Where the version or the proof has changed meanwhile, it is not known which of them the answer is of.
    if (answer.result !== 'unscanned' && key !== null && key === keyOf(file)) cache.store(key, answer)
    return { answer, depth }
  }

  async function recall(file: ScannedFile): Promise<Judged | null> {
    const key = keyOf(file)
    if (key === null) return null
    const { depth } = supervisor.condition.proof
    const { answer, result } = await cache.find(key)
    telemetry.lookedUp(result)
    return answer && { answer, depth }
  }

  return { recall, askNow }
}

/** The answer as policies know it. */
function resultOf(answer: ScanAnswer): ScanResult {
  if (answer.result !== 'unscanned') return answer
  const { result, fault, detail } = answer
  return { result, reason: scanFaults[fault].reason, detail }
}
