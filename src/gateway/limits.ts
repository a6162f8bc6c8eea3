import type { Snapshot } from '../config/snapshot.ts'
import { type Limiter, noLimits, openLimiter, type SharedLimits } from '../limits/limiter.ts'
import { createMemoryStore } from '../limits/memory-store.ts'
import type { Metrics } from '../metrics/registry.ts'
import type { RedisLog } from '../redis/connection.ts'
import type { Shelf } from './shelf.ts'

interface Surroundings {
  readonly shelf: Shelf
  /** Closes what was opened for it. */
  readonly opened: AsyncDisposableStack
  readonly shared: SharedLimits | null
  readonly metrics: Metrics
  readonly log: RedisLog
}

/** The limits of a configuration. What clients have had is remembered from one configuration to the next. */
export async function openLimits(
  { configuration }: Snapshot,
  { shelf, opened, ...options }: Surroundings,
): Promise<Limiter> {
  if (configuration.routes.every(({ limits }) => limits.length === 0)) return noLimits(options.metrics)
  const { redis: url } = configuration.state
  const memory = await shelf.take(opened, 'buckets', null, createMemoryStore)
  const redis =
    url === null ? null : await shelf.take(opened, 'limits in redis', url, () => openRedis(url, options.log))
  return openLimiter(configuration, { ...options, memory, redis })
}

/** The client of Redis is loaded where there is one: it takes some MiB. */
async function openRedis(url: string, log: RedisLog) {
  const { openRedisStore } = await import('../limits/redis/redis-store.ts')
  return openRedisStore(url, log)
}
