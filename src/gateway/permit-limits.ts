import type { Snapshot } from '../config/snapshot.ts'
import type { PermitLimits } from '../path/3-admission/permits.ts'

/** What one of several may take at most, so that one that hangs leaves something to the others. */
const share = 3 / 4

/** Uploads at a time, by what they need. */
export function permitLimits({ configuration, policies }: Snapshot): Omit<PermitLimits, 'isDown'> {
  const { active, queue, queueTimeout } = configuration.admission.uploads
  const routes = configuration.routes.filter(({ policy }) => policy !== null)
  const places = (limit: number | null, isNeededBy: (route: (typeof routes)[number]) => boolean): number =>
    limit ?? (routes.every(isNeededBy) ? active : Math.ceil(active * share))
  const upstreams = Object.entries(configuration.upstreams).map(
    ([name, { uploads }]) => [name, places(uploads, ({ upstream }) => upstream === name)] as const,
  )
  const scanners = Object.entries(configuration.scanners).map(([name, { uploads }]) => {
    const asks = (policy: string | null): boolean => policies.get(policy ?? '')?.files.scanners.includes(name) ?? false
    return [name, places(uploads, ({ policy }) => asks(policy))] as const
  })
  return { active, queue, queueTimeout, upstreams: new Map(upstreams), scanners: new Map(scanners) }
}
