import { connectRedis, type RedisLog } from '../../../../redis/connection.ts'

/** Answers that several gateways share. */
export interface SharedCache {
  /** Null where there is none; rejects where it cannot be asked in time. */
  get(key: string): Promise<string | null>
  /** Resolves also where it cannot be kept. `ttl` in milliseconds. */
  set(key: string, value: string, ttl: number): Promise<void>
  close(): Promise<void>
}

const words = {
  gone: 'redis cannot be reached; gateways do not share the answers of scanners',
  back: 'redis is back; gateways share the answers of scanners again',
}

export function openSharedCache(url: string, log: RedisLog): SharedCache {
  const connection = connectRedis(url, log, words)
  return {
    get: (key) => connection.ask((redis) => redis.get(key)),
    set: (key, value, ttl) => connection.ask((redis) => redis.set(key, value, 'PX', ttl)).then(ignore, ignore),
    close: () => connection.close(),
  }
}

function ignore(): void {}
