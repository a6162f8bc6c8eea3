import { scanFaults } from '../faults.ts'
import { limitOf } from '../probe/edge.ts'
import { depthLimitOf } from '../probe/nested.ts'
import { isHonest, type ProbeCase, type ProbeResult } from '../probe/result.ts'
import type { CircuitName } from '../question/circuit.ts'
import type { ScannerVersion } from '../scanner.ts'
import type { ScannerKind } from '../settings.ts'
import type { Proof } from './proof.ts'
import type { Staleness } from './staleness.ts'

/** One scanner as people who run the gateway see it. */
export interface ScannerHealth extends ScannerVersion {
  readonly name: string
  readonly kind: ScannerKind
  /** Whether it is believed: it answers, its last probe was found as it must be, its signatures are not too old. */
  readonly up: boolean
  /** What keeps it from being up; null where it is. */
  readonly cause: DownCause | null
  /** One clause or more. */
  readonly detail: string
  /** Whether the gateway is ready only while it is up. */
  readonly required: boolean
  /** Why rules or lists that have changed are not in force, those before being so; null where none have. */
  readonly outdated: string | null
  readonly probe: ProbeResult | null
  readonly circuit: CircuitName
}

/** What is known of a scanner at the moment. */
export interface Condition {
  readonly circuit: CircuitName
  /** What opened the circuit, as far as it is not closed. */
  readonly failure: string | null
  /** Why it could not be asked for its version; null where it could. */
  readonly trouble: string | null
  readonly proof: Proof
  /** Null where its signatures are not too old. */
  readonly staleness: Staleness | null
}

/** `unproven`: nothing that counts was got out of it yet. `silent`: it gives no answer, to the probe or to the question for its version; what it says of files still counts. */
export type DownCause = 'circuit' | 'unproven' | 'dishonest' | Staleness['kind'] | 'silent'

export interface Down {
  readonly cause: DownCause
  readonly detail: string
}

/** Why it is not believed; null where it is. */
export function whyDown({ circuit, failure, trouble, proof, staleness }: Condition): Down | null {
  const { last, doubt, honest } = proof
  const unanswered = last !== null && isHonest(last) === null ? last.error : null
  if (circuit !== 'closed')
    return { cause: 'circuit', detail: [scanFaults.circuit.detail, failure].filter((word) => word !== null).join(': ') }
  if (doubt !== null && honest !== null) return { cause: 'dishonest', detail: doubt }
  if (doubt !== null) return { cause: 'unproven', detail: trouble ?? unanswered ?? doubt }
  // Where it could not be asked, it is not to blame for its silence about the age.
  if (staleness?.kind === 'ageless' && trouble !== null) return { cause: 'unproven', detail: trouble }
  if (staleness !== null) return { cause: staleness.kind, detail: staleness.detail }
  const silence = trouble ?? unanswered
  return silence === null ? null : { cause: 'silent', detail: silence }
}

type Told = Pick<ScannerHealth, 'up' | 'cause' | 'detail' | 'probe' | 'circuit'>

/** What a condition says of a scanner's health. */
export function healthIn(condition: Condition): Told {
  const { proof, circuit } = condition
  const down = whyDown(condition)
  const detail = down?.detail ?? abilities(proof.last)
  return { up: down === null, cause: down?.cause ?? null, detail, probe: proof.last, circuit }
}

/** What one that is believed does not find. */
function abilities(last: ProbeResult | null): string {
  const failed = last?.cases.filter(({ ok }) => !ok) ?? []
  const missing = last === null || failed.length === 0 ? [] : [`not: ${failed.map(limitIn(last)).join(', ')}`]
  const unended = last?.error ? [`its probe did not come to its end: ${last.error}`] : []
  return ['it finds the test file', ...missing, ...unended].join('; ')
}

function limitIn({ provenSize, provenDepth }: ProbeResult): (shown: ProbeCase) => string {
  return ({ case: name }) => {
    if (name === 'edge' && provenSize !== null) return `edge (${limitOf(provenSize)})`
    return name === 'nested' && provenDepth !== null ? `nested (${depthLimitOf(provenDepth)})` : name
  }
}
