import { randomFillSync } from 'node:crypto'

/** Drawn in bulk: a call to the system for each id would cost more than all the rest of a request's identity. */
const pool = Buffer.alloc(4096)
let used = pool.length

/** `count` bytes that nobody can foresee and nobody else gets, at most 4096; to be read before the next call. */
export function freshBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}
