import { scanFaults } from '../faults.ts'
import type { ScanAnswer } from '../scanner.ts'
import type { ProbeCase, ProbeResult } from './result.ts'
import type { Sample } from './sample.ts'

/** What a probe knows so far. */
export interface Findings {
  readonly cases: ProbeCase[]
  provenSize: number | null
  provenDepth: number | null
  encrypted: ProbeResult['encrypted']
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
