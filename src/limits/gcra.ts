import type { BucketAsk, Stand } from './store.ts'

/**
 * The generic cell rate algorithm (ITU-T I.371): a bucket is the time at which it is full again, in milliseconds of any
 * clock that does not go back. What is missing comes back steadily, so that no window holds more than the capacity and
 * what came back meanwhile. The script for Redis does the same sums.
 */

/** Units, far less than one: times are rounded, and the last unit must not be refused for it. */
export const tolerance = 0.001

type Bucket = Pick<BucketAsk, 'capacity' | 'interval' | 'cost'>

export function fits(full: number, now: number, { capacity, interval, cost }: Bucket): boolean {
  return missing(full, now) + cost * interval <= (capacity + tolerance) * interval
}

/** When the bucket is full again after the cost. */
export function charged(full: number, now: number, { interval, cost }: Pick<Bucket, 'interval' | 'cost'>): number {
  return Math.max(full, now) + cost * interval
}

/** `fitting`: whether the cost was there, whether it was taken or not. */
export function standOf(full: number, now: number, bucket: Bucket, fitting: boolean): Stand {
  const { capacity, interval, cost } = bucket
  const short = missing(full, now) + (cost - capacity) * interval
  const wait = fitting ? 0 : cost > capacity ? null : short
  const remaining = Math.max(0, Math.floor(capacity - missing(full, now) / interval + tolerance))
  return { fits: fitting, remaining, wait, reset: missing(full, now) }
}

function missing(full: number, now: number): number {
  return Math.max(0, full - now)
}
