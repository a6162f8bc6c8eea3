import type { Slots } from '../../../../slots.ts'
import { unscanned } from '../faults.ts'
import type { ScannedFile, Scanner } from '../scanner.ts'
import type { GuardSettings } from '../settings.ts'
import { type Attempt, attempt } from './attempt.ts'
import type { Circuit } from './circuit.ts'

/** A scanner, and what keeps it from being asked more than it bears. */
export interface Asked {
  readonly scanner: Scanner
  readonly slots: Slots
  readonly circuit: Circuit
  readonly settings: Pick<GuardSettings, 'wait' | 'timeout'>
}

/** Asks once there is a slot, and not at all while the circuit is open. Rejects as `attempt` does. */
export async function question(
  { scanner, slots, circuit, settings }: Asked,
  file: ScannedFile,
  signal: AbortSignal,
): Promise<Attempt> {
  if (circuit.state !== 'closed') return notAsked('circuit')
  if ((await slots.take({ wait: settings.wait, signal })) !== 'taken') return notAsked('queue')
  let isAsked = false
  const answered = await circuit.run(() => {
    isAsked = true
    return attempt(scanner, file, { timeout: settings.timeout, signal, ended: slots.free })
  })
  if (!isAsked) slots.free()
  return answered ?? notAsked('circuit')
}

function notAsked(fault: 'circuit' | 'queue'): Attempt {
  return { answer: unscanned(fault), taken: 0 }
}
