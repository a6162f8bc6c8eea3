import type { ScanGap } from '../../types.ts'

interface FaultKind {
  readonly reason: ScanGap
  /** What is said where the fault itself says no more. */
  readonly detail: string
  /** Whether it speaks of the scanner and not of the file, so that it counts towards opening the circuit. */
  readonly breaks: boolean
}

/** Every way in which a file can stay without an answer that covers it, and what policies call it. */
export const scanFaults = {
  refused: { reason: 'unavailable', detail: 'the scanner accepts no connection', breaks: true },
  closed: { reason: 'unavailable', detail: 'the scanner closed the connection before it answered', breaks: true },
  garbage: { reason: 'unavailable', detail: 'the answer of the scanner cannot be understood', breaks: true },
  flood: { reason: 'unavailable', detail: 'the answer of the scanner does not end', breaks: true },
  failed: { reason: 'unavailable', detail: 'the scanner says that it failed', breaks: true },
  hung: { reason: 'timeout', detail: 'the scanner stopped taking the file', breaks: true },
  timeout: { reason: 'timeout', detail: 'the scanner took the file and gave no answer in time', breaks: true },
  sizeLimit: { reason: 'tooLarge', detail: 'the scanner takes no files of this size', breaks: false },
  beyondLimit: {
    reason: 'tooLarge',
    detail: 'the scanner is not known to look into files of this size',
    breaks: false,
  },
  encrypted: { reason: 'encrypted', detail: 'the scanner cannot look into what is encrypted', breaks: false },
  early: { reason: 'partial', detail: 'the scanner answered before it had all of the file', breaks: false },
  incomplete: {
    reason: 'partial',
    detail: 'the scanner says that it looked at a part of the file only',
    breaks: false,
  },
  stale: { reason: 'stale', detail: 'the signatures of the scanner are too old', breaks: false },
  queue: { reason: 'unavailable', detail: 'too many files wait for the scanner', breaks: false },
  circuit: {
    reason: 'unavailable',
    detail: 'the scanner failed repeatedly and is not asked for a while',
    breaks: false,
  },
  dishonest: { reason: 'unavailable', detail: 'the scanner did not find what its probe shows it', breaks: false },
} as const satisfies Readonly<Record<string, FaultKind>>

export type ScanFault = keyof typeof scanFaults

export const faultNames = Object.keys(scanFaults) as readonly ScanFault[]

/** `detail` is a clause for operators, printable, at most 300 characters. */
export interface Unscanned {
  readonly result: 'unscanned'
  readonly fault: ScanFault
  readonly detail: string
}

export function unscanned(fault: ScanFault, detail: string = scanFaults[fault].detail): Unscanned {
  return { result: 'unscanned', fault, detail }
}
