import type { Limit, Measure } from './compile.ts'
import type { Stand } from './store.ts'

/** The units that are no requests, as draft-ietf-httpapi-ratelimit-headers-10 and its like name them. */
const units: Readonly<Record<Measure, string>> = {
  rate: '',
  bytes: ';qu="content-bytes"',
  files: ';qu="files"',
  concurrent: ';qu="concurrent-requests"',
}

/** The largest Integer of a structured field (RFC 9651, section 3.3.1). */
const largest = 999_999_999_999_999

/** The member of RateLimit-Policy: `q` units, and `w` seconds in which an empty bucket is full again. */
export function policyMember({ name, measure, capacity, interval }: Limit): string {
  const window = measure === 'concurrent' ? '' : `;w=${integer(Math.max(1, seconds(capacity * interval)))}`
  return `"${name}";q=${integer(capacity)}${window}${units[measure]}`
}

/** The member of RateLimit: `r` units that are left, and `t` seconds until all are there again. */
export function standMember({ name }: Limit, { remaining, reset }: Stand): string {
  const full = reset === null ? '' : `;t=${integer(seconds(reset))}`
  return `"${name}";r=${integer(remaining)}${full}`
}

/** Whole seconds, rounded up, but not for what rounding has added: 1000.0000001 ms are one second. */
export function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000 - 1e-6)
}

function integer(value: number): string {
  return String(Math.min(largest, Math.max(0, Math.trunc(value))))
}
