import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  IterableBackoff,
} from 'cockatiel'
import { scanFaults } from '../faults.ts'
import type { Attempt } from './attempt.ts'

/** Answers one after the other that open it. */
const failures = 5

/** Milliseconds until a scanner that failed is tried: at once, since files may be at fault, then ever later. */
const pauses = [0, 5000, 10_000, 20_000, 40_000, 60_000] as const

/** How often it is looked whether a pause is over, in milliseconds. */
const tick = 500

export type CircuitName = 'closed' | 'open' | 'half-open'

export interface CircuitOptions {
  /** Asks the scanner something small. */
  readonly trial: () => Promise<Attempt>
  readonly onChange: (state: CircuitName) => void
}

export interface Circuit {
  readonly state: CircuitName
  /** What the scanner last failed with, a clause for operators; null while it is not open. */
  readonly failure: string | null
  /** Null, without a call, while the scanner is not to be asked. What the question rejects with does not count. */
  run(question: () => Promise<Attempt>): Promise<Attempt | null>
  close(): void
}

/**
 * Keeps files away from a scanner that fails. Whether it has recovered is found out with a file of our own: no upload
 * pays for the trial, and a client that leaves in the middle of it proves nothing.
 */
export function openCircuit({ trial, onChange }: CircuitOptions): Circuit {
  const fails = (result: unknown): boolean => {
    const { answer } = result as Attempt
    if (answer.result !== 'unscanned' || !scanFaults[answer.fault].breaks) return false
    failure = answer.detail
    return true
  }
  const policy = circuitBreaker(handleWhenResult(fails), {
    breaker: new ConsecutiveBreaker(failures),
    halfOpenAfter: new IterableBackoff(pauses),
  })
  let failure: string | null = null
  let timer: NodeJS.Timeout | null = null
  const stop = (): void => {
    if (timer !== null) clearInterval(timer)
    timer = null
  }
  policy.onStateChange((state) => {
    if (state === CircuitState.Closed) stop()
    onChange(nameOf(state))
    if (state !== CircuitState.Open) return
    timer ??= setInterval(() => void tryAgain(policy, trial), tick).unref()
    void tryAgain(policy, trial)
  })
  return {
    get state() {
      return nameOf(policy.state)
    },
    get failure() {
      return policy.state === CircuitState.Closed ? null : failure
    },
    async run(question) {
      return policy.state === CircuitState.Closed ? policy.execute(question) : null
    },
    close: stop,
  }
}

async function tryAgain(policy: CircuitBreakerPolicy, trial: () => Promise<Attempt>): Promise<void> {
  if (policy.state !== CircuitState.Open) return
  try {
    await policy.execute(trial)
  } catch (error) {
    // The pause is not over yet.
    if (!(error instanceof BrokenCircuitError)) throw error
  }
}

function nameOf(state: CircuitState): CircuitName {
  if (state === CircuitState.Closed) return 'closed'
  return state === CircuitState.HalfOpen ? 'half-open' : 'open'
}
