/**
 * What is known of one backend, and so whether it gets requests. Pure: facts and times go in, the next standing comes
 * out. Times are milliseconds of one monotonic clock.
 */
export interface Standing {
  /** Requests in a row that failed. */
  readonly failures: number
  /** When it last took no connection; null where it has taken one since. */
  readonly unreachable: number | null
  readonly ejection: Ejection | null
  readonly health: Health
}

export interface Ejection {
  readonly at: number
  readonly until: number
  /** Which one in a row. */
  readonly times: number
  /** When the request was begun that tries whether it is over; null where none is under way. */
  readonly trial: number | null
}

export interface Health {
  readonly up: boolean
  /** Checks in a row that say otherwise. */
  readonly contrary: number
}

/** Consecutive failures until a backend is ejected, and for how long it is at first. */
export interface EjectionSettings {
  readonly failures: number
  readonly for: number
}

/** Consecutive checks that take a backend down, or up again. */
export interface HealthThresholds {
  readonly failures: number
  readonly successes: number
}

export interface StandingSettings {
  readonly ejection: EjectionSettings | null
  readonly health: HealthThresholds | null
}

/** `begun`: when the request was begun that the fact is about. */
export type Fact =
  /** It was given a request. */
  | { readonly kind: 'sent'; readonly begun: number }
  /** It began to answer one. */
  | { readonly kind: 'head'; readonly begun: number }
  /** It answered one to the end. */
  | { readonly kind: 'answered'; readonly begun: number }
  /** It took no connection. */
  | { readonly kind: 'unreachable'; readonly begun: number }
  /** It broke off, was late, or answered what is no HTTP or that it cannot serve. */
  | { readonly kind: 'failed'; readonly begun: number }
  /** The request ended by no doing of the backend. */
  | { readonly kind: 'left'; readonly begun: number }
  /** A health check was answered as it must be, or was not. */
  | { readonly kind: 'well' }
  | { readonly kind: 'unwell' }

export interface Circumstances {
  readonly now: number
  /** Whether no other backend of the upstream is up: then this one is not ejected. */
  readonly alone: boolean
}

export const unknown: Standing = {
  failures: 0,
  unreachable: null,
  ejection: null,
  health: { up: true, contrary: 0 },
}

/** No ejection lasts longer. */
export const longestEjection = 300_000
/** So long is one that takes no connection asked last: a request that it cannot take costs the time of a connection. */
export const rest = 5_000

/** The standing after a fact. */
export function learn(standing: Standing, fact: Fact, settings: StandingSettings, around: Circumstances): Standing {
  if (fact.kind === 'well') return learnWell(standing, settings.health)
  if (fact.kind === 'unwell') return learnUnwell(standing, settings.health)
  const { ejection } = standing
  // What was begun before an ejection says nothing of the time after it.
  if (ejection !== null && fact.begun < ejection.at) return standing
  switch (fact.kind) {
    case 'sent':
      return mayTry(standing, around.now, settings) ? withTrial(standing, fact.begun) : standing
    case 'head':
      return learnHead(standing, fact.begun)
    case 'answered':
      return standing.failures === 0 ? standing : { ...standing, failures: 0 }
    case 'left':
      return ejection?.trial === fact.begun ? withTrial(standing, null) : standing
    case 'unreachable':
      return fail({ ...standing, unreachable: around.now }, settings.ejection, around)
    case 'failed':
      return fail(standing, settings.ejection, around)
  }
}

/** Whether nothing speaks against it. */
export function isUp({ unreachable, ejection, health }: Standing): boolean {
  return health.up && ejection === null && unreachable === null
}

/**
 * Who is asked first: the lower, the sooner. 0: gets its share. Above that, only where those below took no connection:
 * 1 took none itself lately, 2 is ejected; 3 and more are down by the word of the health check.
 */
export function rank(standing: Standing, now: number, settings: StandingSettings): number {
  const { unreachable, ejection, health } = standing
  const ofHealth = health.up ? 0 : 3
  if (ejection !== null) return ofHealth + (mayTry(standing, now, settings) ? 0 : 2)
  return ofHealth + (unreachable !== null && now - unreachable < rest ? 1 : 0)
}

/** One request at a time finds out whether an ejection is over; one that takes too long for it does not keep others from it. */
function mayTry({ ejection }: Standing, now: number, settings: StandingSettings): boolean {
  if (ejection === null || now < ejection.until) return false
  return ejection.trial === null || now - ejection.trial >= (settings.ejection?.for ?? 0)
}

function withTrial(standing: Standing, trial: number | null): Standing {
  return standing.ejection === null ? standing : { ...standing, ejection: { ...standing.ejection, trial } }
}

/** An answer to what was sent on a connection from before does not say that another would be had. */
function learnHead(standing: Standing, begun: number): Standing {
  const { ejection, unreachable } = standing
  const isStill = unreachable !== null && begun < unreachable
  if (ejection === null && (unreachable === null || isStill)) return standing
  return { ...standing, unreachable: isStill ? unreachable : null, ejection: null }
}

function fail(standing: Standing, settings: EjectionSettings | null, { now, alone }: Circumstances): Standing {
  const { ejection } = standing
  const failures = standing.failures + 1
  // Where all are out, those that are ejected are asked as well, and their failures are no news.
  if (settings === null || (ejection !== null && now < ejection.until)) return { ...standing, failures }
  if (ejection === null && (alone || failures < settings.failures)) return { ...standing, failures }
  const times = (ejection?.times ?? 0) + 1
  const until = now + Math.min(settings.for * times, longestEjection)
  return { ...standing, failures: 0, ejection: { at: now, until, times, trial: null } }
}

function learnWell(standing: Standing, thresholds: HealthThresholds | null): Standing {
  const { health, unreachable } = standing
  const contrary = health.up ? 0 : health.contrary + 1
  if (!health.up && contrary < (thresholds?.successes ?? 1)) return { ...standing, health: { up: false, contrary } }
  // It takes connections; and one that was down has been started anew. Of late and failed answers a check knows nothing.
  const anew = !health.up || unreachable !== null
  if (anew) return unknown
  return health.contrary === 0 ? standing : { ...standing, health: unknown.health }
}

function learnUnwell(standing: Standing, thresholds: HealthThresholds | null): Standing {
  const { health } = standing
  const contrary = health.up ? health.contrary + 1 : 0
  const down = health.up && contrary >= (thresholds?.failures ?? 1)
  return { ...standing, health: down ? { up: false, contrary: 0 } : { up: health.up, contrary } }
}
