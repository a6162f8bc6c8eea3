import { scanFaults } from '../faults.ts'
import type { ScanAnswer } from '../scanner.ts'
import type { ProbeCase, ProbeCaseName, ProbeResult } from './result.ts'
import type { Sample } from './sample.ts'

/** What a probe knows so far. */
export interface Findings {
  readonly cases: ProbeCase[]
  provenSize: number | null
  provenDepth: number | null
  encrypted: ProbeResult['encrypted']
  readonly missed: ProbeCaseName[]
  /** What it said where it failed to answer; null where it did not. */
  trouble: string | null
}

/** Rejects where the probe is to end. */
export type Show = (sample: Sample) => Promise<ScanAnswer>

/** The answer as a clause. */
export function say(answer: ScanAnswer): string {
  if (answer.result === 'infected') return `found as ${answer.signature}`
  return answer.result === 'unscanned' ? answer.detail : `answered ${answer.result}`
}

/** Whether it speaks of the scanner, not of what it was shown. */
export function isBreaking(answer: ScanAnswer): boolean {
  return answer.result === 'unscanned' && scanFaults[answer.fault].breaks
}

/** Whether it was found. One that fails to answer, since it has too much to do, shows no limit by that. */
export function isFound(answer: ScanAnswer, shown: ProbeCaseName, findings: Findings): boolean {
  if (answer.result === 'infected') return true
  if (isBreaking(answer)) findings.trouble ??= say(answer)
  else findings.missed.push(shown)
  return false
}
