import type { LimitDecision } from '../metrics/limit-metrics.ts'
import { type Refusal, refusal } from '../problems/violation.ts'
import type { Limit } from './compile.ts'
import type { Counting } from './counting.ts'
import { policyMember, standMember } from './fields.ts'
import { keyMissing, refuse, type Shortfall, unavailable } from './refusal.ts'
import type { LimitStore } from './store.ts'
import { type Share, settling, shortfallOf, takeFrom, type Wanted } from './taking.ts'

/** What is known of a request when its limits are asked. */
export interface Announced {
  /** Bytes of the body; null where nobody knows yet. */
  readonly bytes: number | null
  readonly upload: boolean
}

/** For the record: what was not simply allowed. */
export interface LimitRecord {
  readonly limit: string
  readonly decision: Exclude<LimitDecision, 'allowed'>
}

export interface LimitedOptions {
  readonly counting: Counting
  /** Of the request among all that share the store. */
  readonly id: string
  readonly count: (limit: string, decision: LimitDecision) => void
}

/** Bytes that are reserved ahead of a body of unknown length. */
const step = 1024 * 1024

/** The limits of one request, from its headers to its end. `end` must be called on every path. */
export class LimitedRequest {
  readonly records: LimitRecord[] = []
  /** Why the request must not go on; null while it may. */
  refusal: Refusal | null = null
  readonly #limits: readonly Limit[]
  readonly #options: LimitedOptions
  readonly #shares: Share[] = []
  /** Who has counted it first, and is told of its end; null where nobody has. */
  #store: LimitStore | null = null
  /** Nobody counts it to its end. */
  #uncounted = false
  /** The body is of unknown length, and is paid for as it comes. */
  #metered = false
  #asking: Promise<void> | null = null
  #filesKnown = false
  #left = false
  #ended = false
  #challenge = false

  constructor(limits: readonly Limit[], options: LimitedOptions) {
    this.#limits = limits
    this.#options = options
  }

  /** Asks all limits in one step. `keys`: of each limit; null where the request is to be refused for the lack of one. */
  async admit(keys: readonly (string | null)[], announced: Announced): Promise<void> {
    this.#limits.forEach((limit, index) => {
      const key = keys[index] ?? null
      const concerned = firstCost(limit, announced) > 0
      if (key === null) this.#refuseKey(limit)
      else this.#shares.push({ limit, key, concerned, taken: 0, short: false, stand: null })
    })
    if (this.refusal !== null) return
    const short = await this.#take(this.#shares.map((share) => ({ share, cost: firstCost(share.limit, announced) })))
    const atLeast = announced.bytes === null
    if (short.length > 0) {
      return this.#refuse(short.map(({ share, cost }) => ({ ...shortfallOf(share, cost), atLeast })))
    }
    if (this.#uncounted) return
    this.#metered = announced.bytes === null
    for (const { limit, taken } of this.#shares) if (taken > 0) this.#options.count(limit.name, 'allowed')
  }

  /**
   * Tells how much of a body of unknown length has come. Null where more may be read at once; else a promise for when it
   * may, or is refused. Never rejects.
   */
  came(total: number): Promise<void> | null {
    const metered = this.#metered && this.refusal === null ? this.#taken('bytes') : []
    if (metered.length === 0) return null
    const reserved = Math.min(...metered.map(({ taken }) => taken))
    if (total + step / 2 > reserved) {
      this.#asking ??= this.#reserve(metered, total).finally(() => {
        this.#asking = null
      })
    }
    return total > reserved ? this.#asking : null
  }

  /** The body is there, with so many bytes and files. Null where they may pass. */
  async complete(bytes: number, count: number): Promise<Refusal | null> {
    this.#metered = false
    await this.#asking
    this.#settle(this.#taken('bytes'), bytes)
    const shares = this.#taken('files')
    const more = shares.map((share) => ({ share, cost: count - share.taken })).filter(({ cost }) => cost > 0)
    const short = more.length === 0 ? [] : await this.#take(more)
    if (short.length > 0) this.#refuse(short.map(({ share }) => shortfallOf(share, count)))
    for (const share of shares) this.#settle([share], short.length > 0 || share.short ? 0 : count)
    this.#filesKnown = true
    return this.refusal
  }

  /** RateLimit-Policy and RateLimit, name and value by turns; what is not enforced is not told. */
  fields(): readonly string[] {
    const enforced = this.#limits.filter(({ mode }) => mode === 'enforce')
    const stands = this.#shares.flatMap(({ limit, stand }) =>
      limit.mode === 'enforce' && stand !== null ? [standMember(limit, stand)] : [],
    )
    return [
      ...(enforced.length > 0 ? ['RateLimit-Policy', enforced.map(policyMember).join(', ')] : []),
      ...(stands.length > 0 ? ['RateLimit', stands.join(', ')] : []),
      ...(this.#challenge ? ['WWW-Authenticate', 'Bearer realm="sluice"'] : []),
    ]
  }

  /** Gives the place of an upload back: its answer begins. */
  leave(): void {
    if (this.#left) return
    this.#left = true
    const places = this.#shares.filter(({ limit, taken }) => limit.measure === 'concurrent' && taken > 0)
    if (places.length > 0) void this.#store?.leave(places.map(({ key }) => ({ key, id: this.#options.id })))
  }

  /** `received`: bytes of the body that came. What was taken for others is given back, and what came beyond it is owed. */
  end(received: number): void {
    if (this.#ended) return
    this.#ended = true
    this.leave()
    const settle = (): void => {
      this.#settle(this.#taken('bytes'), received)
      if (!this.#filesKnown) this.#settle(this.#taken('files'), 0)
    }
    if (this.#asking === null) settle()
    else void this.#asking.then(settle)
  }

  /** Those of which something was taken: then what follows is counted to the end. */
  #taken(measure: Limit['measure']): Share[] {
    if (this.#uncounted) return []
    return this.#shares.filter(({ limit, taken, short }) => limit.measure === measure && taken > 0 && !short)
  }

  async #reserve(metered: readonly Share[], total: number): Promise<void> {
    const ahead = total + step
    const whole = metered.map((share) => ({ share, cost: ahead - share.taken }))
    if ((await this.#take(whole, 'all')).length === 0) return
    // What is there of the step ahead may be all that the body needs.
    const short = await this.#take(metered.map((share) => ({ share, cost: within(share, total, ahead) - share.taken })))
    if (short.length === 0) return
    this.#refuse(short.map(({ share }) => ({ ...shortfallOf(share, total), atLeast: true, wait: waitFor(share) })))
  }

  /** Those that there was too little of and that refuse. */
  async #take(wanted: readonly Wanted[], enforce: 'enforced' | 'all' = 'enforced'): Promise<readonly Wanted[]> {
    const { counting, id } = this.#options
    const outcome = await takeFrom(counting, id, wanted, enforce)
    if (outcome === null) {
      this.#undecided(wanted)
      return []
    }
    this.#store ??= outcome.store
    for (const { share } of outcome.reported) {
      share.short = true
      this.#note(share.limit, 'reported')
    }
    return outcome.short
  }

  #undecided(wanted: readonly Wanted[]): void {
    this.#uncounted = true
    const concerned = wanted.filter(({ share }) => share.concerned)
    for (const { share } of concerned) this.#note(share.limit, 'unavailable')
    const enforced = concerned.some(({ share }) => share.limit.mode === 'enforce')
    if (enforced && this.#options.counting.whenAway === 'refuse') this.refusal = unavailable()
  }

  #refuseKey(limit: Limit): void {
    if (limit.mode === 'report') return this.#note(limit, 'reported')
    this.#note(limit, 'refused')
    const missing = keyMissing(limit)
    this.#challenge ||= missing.id === 'limit.token'
    const [first, ...others] = this.refusal?.violations ?? []
    this.refusal = first === undefined ? refusal(missing) : refusal(first, ...others, missing)
  }

  #refuse(shortfalls: readonly Shortfall[]): void {
    const [first, ...others] = shortfalls
    if (first === undefined) return
    for (const { limit } of shortfalls) this.#note(limit, 'refused')
    this.refusal = refuse(first, ...others)
  }

  #note({ name }: Limit, decision: LimitRecord['decision']): void {
    this.#options.count(name, decision)
    this.records.push({ limit: name, decision })
  }

  #settle(shares: readonly Share[], had: number): void {
    const asks = settling(shares, had)
    if (asks.length > 0) void this.#store?.charge(asks)
  }
}

/** What the headers are asked for; 0 where the limit is not about this request, or it brings nothing of the kind. */
function firstCost({ measure }: Limit, { bytes, upload }: Announced): number {
  if (measure === 'rate') return 1
  // A first byte: who owes some, or has none left, need not send the rest.
  if (measure === 'bytes') return bytes ?? 1
  return upload ? 1 : 0
}

/** As far as the limit goes, if the body has not come farther; else as far as the body. */
function within({ taken, stand }: Share, total: number, ahead: number): number {
  const end = Math.min(ahead, taken + (stand?.remaining ?? 0))
  return Math.max(end, total, taken)
}

/** The whole body comes again, also what came of it and is paid for. */
function waitFor({ stand, taken, limit }: Share): number | null {
  return stand === null || stand.wait === null ? null : stand.wait + taken * limit.interval
}
