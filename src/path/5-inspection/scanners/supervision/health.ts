import { scanFaults } from '../faults.ts'
import { isHonest, type ProbeResult } from '../probe/result.ts'
import type { CircuitName } from '../question/circuit.ts'
import type { ScannerVersion } from '../scanner.ts'
import type { ScannerKind } from '../settings.ts'
import type { Proof } from './proof.ts'

/** One scanner as people who run the gateway see it. */
export interface ScannerHealth extends ScannerVersion {
  readonly name: string
  readonly kind: ScannerKind
  /** Whether it is believed: it answers, and its last probe was found as it must be. */
  readonly up: boolean
  /** One clause. */
  readonly detail: string
  /** Whether its signatures are older than they may be. */
  readonly stale: boolean
  /** Whether the gateway is ready only while it is up. */
  readonly required: boolean
  readonly probe: ProbeResult | null
  readonly circuit: CircuitName
}

/** What is known of a scanner at the moment. */
export interface Condition {
  readonly circuit: CircuitName
  /** Why it could not be asked for its version; null where it could. */
  readonly trouble: string | null
  readonly proof: Proof
  /** Why its signatures are too old; null where they are not. */
  readonly staleness: string | null
}

/** Why it is not believed; null where it is. */
export function whyDown({ circuit, trouble, proof }: Condition): string | null {
  if (trouble !== null) return trouble
  if (circuit !== 'closed') return scanFaults.circuit.detail
  const { last, doubt } = proof
  return last !== null && isHonest(last) === null ? last.error : doubt
}

/** What a condition says of a scanner's health. */
export function healthIn(condition: Condition): Pick<ScannerHealth, 'up' | 'detail' | 'stale' | 'probe' | 'circuit'> {
  const { staleness, proof, circuit } = condition
  const down = whyDown(condition)
  const detail = down ?? staleness ?? 'it answers, and finds what its probe shows it'
  return { up: down === null, detail, stale: staleness !== null, probe: proof.last, circuit }
}

const day = 24 * 60 * 60 * 1000

/** Why signatures made then are too old; null where they are not, or may be of any age. */
export function tooOld(signaturesAt: number | null, oldest: number | null): string | null {
  if (oldest === null) return null
  if (signaturesAt === null) return 'the scanner does not say how old its signatures are'
  const age = Date.now() - signaturesAt
  if (age < -day) return 'the signatures of the scanner are dated in the future, so that one of the clocks is wrong'
  return age > oldest ? `the signatures of the scanner are ${Math.floor(age / day)} days old` : null
}
