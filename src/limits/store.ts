/**
 * A token bucket (in the form of the generic cell rate algorithm: one number a bucket) that a request wants units of.
 * `capacity` units at most are in it, and one comes back in each `interval` milliseconds.
 */
export interface BucketAsk {
  readonly kind: 'bucket'
  /** Names the bucket in every process that shares the store: limit and hashed key of the client. */
  readonly key: string
  readonly capacity: number
  readonly interval: number
  /** Units; 0 only looks. */
  readonly cost: number
  /** What does not fit keeps the others from being charged; without it, it is only told. */
  readonly enforce: boolean
}

/** A place among at most `most` at a time, held until it is given back. */
export interface LeaseAsk {
  readonly kind: 'lease'
  /** As that of a bucket. */
  readonly key: string
  readonly most: number
  /** Of the holder; null only looks. */
  readonly id: string | null
  readonly enforce: boolean
}

/** Plain data: it travels between processes. */
export type Ask = BucketAsk | LeaseAsk

export interface Stand {
  /** Whether what was asked for was there. */
  readonly fits: boolean
  /** Whole units or places that are left after it. */
  readonly remaining: number
  /** Milliseconds until as much as was asked for would be there; null where nobody knows, or never. */
  readonly wait: number | null
  /** Milliseconds until all of it is there again; null where nobody knows. */
  readonly reset: number | null
}

/** Where it is counted what clients have had: in this process, in the primary of several, or in a Redis that gateways share. */
export interface LimitStore {
  /**
   * In one atomic step: where all enforced asks fit, everything that fits is taken, else nothing. One stand for each ask.
   * Rejects where the store cannot be asked in time.
   */
  take(asks: readonly Ask[]): Promise<readonly Stand[]>
  /**
   * Takes units that were had already, also those that are not there: a bucket can owe. A negative cost gives back what
   * was taken and not had. Never rejects.
   */
  charge(asks: readonly BucketAsk[]): Promise<void>
  /** Gives places back. Never rejects; what cannot be given back runs out by itself. */
  leave(leases: readonly { readonly key: string; readonly id: string }[]): Promise<void>
  close(): Promise<void>
}
