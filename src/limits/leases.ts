import type { Ask, Stand } from './store.ts'

/** A place that a request holds, or asks for. */
export interface Lease {
  readonly key: string
  readonly id: string
}

/** Whether all asks that are enforced fit, so that whatever fits is taken. */
export function isAdmitted(asks: readonly Ask[], fits: (index: number) => boolean): boolean {
  return asks.every(({ enforce }, index) => !enforce || fits(index))
}

/** The places that are asked for. */
export function leasesOf(asks: readonly Ask[]): Lease[] {
  return asks.flatMap((ask) => (ask.kind === 'lease' && ask.id !== null ? [{ key: ask.key, id: ask.id }] : []))
}

/** The places that were taken, by what a store answered. */
export function leasesTaken(asks: readonly Ask[], stands: readonly Stand[]): Lease[] {
  const fits = (index: number): boolean => stands[index]?.fits === true
  return isAdmitted(asks, fits) ? leasesOf(asks.filter((_, index) => fits(index))) : []
}

/** Tells leases apart. */
export function leaseName({ key, id }: Lease): string {
  return `${key} ${id}`
}
