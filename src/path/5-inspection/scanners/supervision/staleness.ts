export interface Staleness {
  readonly kind: 'old' | 'ageless' | 'future'
  /** A clause for operators. */
  readonly detail: string
}

const day = 24 * 60 * 60 * 1000

/** Why signatures made then count for nothing; null where they are recent enough, or may be of any age. */
export function stalenessOf(signaturesAt: number | null, oldest: number | null): Staleness | null {
  if (oldest === null) return null
  if (signaturesAt === null)
    return { kind: 'ageless', detail: 'the scanner does not say how old its signatures are, and signatureAge is set' }
  const age = Date.now() - signaturesAt
  if (age < -day) {
    const detail = 'the signatures of the scanner are dated in the future, so that one of the clocks is wrong'
    return { kind: 'future', detail }
  }
  if (age <= oldest) return null
  return { kind: 'old', detail: `the signatures of the scanner are too old: ${inDays(age)}, at most ${inDays(oldest)}` }
}

function inDays(age: number): string {
  const days = Math.floor(age / day)
  if (days === 0) return `${Math.floor(age / 3_600_000)} h`
  return days === 1 ? '1 day' : `${days} days`
}
