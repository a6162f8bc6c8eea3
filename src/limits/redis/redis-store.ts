import type { Result } from 'ioredis'
import { connectRedis, type RedisConnection, type RedisLog } from '../../redis/connection.ts'
import type { DistantStore } from '../counting.ts'
import { type Lease, leaseName, leasesOf, leasesTaken } from '../leases.ts'
import type { Ask, BucketAsk, Stand } from '../store.ts'
import { charge, renew, take } from './scripts.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    sluiceTake(keys: number, ...keysAndWords: string[]): Result<Numbers[], Context>
    sluiceCharge(keys: number, ...keysAndWords: string[]): Result<null, Context>
    sluiceRenew(keys: number, ...keysAndWords: string[]): Result<null, Context>
  }
}

type Numbers = readonly [fits: number, remaining: number, wait: number, reset: number]

/** Names the format of what is kept; the next one begins anew. */
const prefix = 'sluice:limit:1:'

/** Milliseconds after which a lease runs out that nobody renews, and how often it is renewed. */
const leaseTime = 15_000
const renewal = 5_000
/** Leases that one question renews. */
const most = 500

/** Milliseconds: longer than for a look-up, since limits are kept less exactly without an answer. */
const deadline = 250

const words = {
  gone: 'redis cannot be reached; gateways do not share limits',
  back: 'redis is back; gateways share limits again',
}

/**
 * Limits that gateways share. Resolves when the first attempt to connect has ended, with whatever result: the first
 * requests should not find it away that is not.
 */
export async function openRedisStore(url: string, log: RedisLog): Promise<DistantStore> {
  const scripts = { sluiceTake: { lua: take }, sluiceCharge: { lua: charge }, sluiceRenew: { lua: renew } }
  const connection = connectRedis(url, log, words, { scripts, deadline })
  await connection.tried
  return new SharedStore(connection)
}

class SharedStore implements DistantStore {
  readonly #connection: RedisConnection
  readonly #held = new Map<string, Lease>()
  readonly #timer: NodeJS.Timeout

  constructor(connection: RedisConnection) {
    this.#connection = connection
    this.#timer = setInterval(() => void this.#renew(), renewal).unref()
    // A Redis that was started anew has forgotten who holds what.
    connection.onReady(() => void this.#renew())
  }

  get up(): boolean {
    return this.#connection.up
  }

  onReady(back: () => void): void {
    this.#connection.onReady(back)
  }

  async take(asks: readonly Ask[]): Promise<readonly Stand[]> {
    const keys = asks.map(({ key }) => prefix + key)
    const words = asks.flatMap(wordsOf)
    let late = false
    try {
      const told = await this.#connection.ask((redis) => {
        const answer = redis.sluiceTake(keys.length, ...keys, `${leaseTime}`, ...words)
        // One that comes too late has taken all the same.
        answer.then(() => late && void this.leave(leasesOf(asks)), ignore)
        return answer
      })
      const stands = told.map(standOf)
      for (const lease of leasesTaken(asks, stands)) this.#held.set(leaseName(lease), lease)
      return stands
    } catch (error) {
      late = true
      throw error
    }
  }

  async charge(asks: readonly BucketAsk[]): Promise<void> {
    const keys = asks.map(({ key }) => prefix + key)
    const costs = asks.flatMap(({ interval, cost }) => [`${interval}`, `${cost}`])
    await this.#connection.ask((redis) => redis.sluiceCharge(keys.length, ...keys, ...costs)).catch(ignore)
  }

  async leave(places: readonly Lease[]): Promise<void> {
    for (const place of places) this.#held.delete(leaseName(place))
    const left = places.map(({ key, id }) => this.#connection.ask((redis) => redis.zrem(prefix + key, id)))
    await Promise.allSettled(left)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.leave([...this.#held.values()])
    await this.#connection.close()
  }

  async #renew(): Promise<void> {
    const places = [...this.#held.values()]
    for (let start = 0; start < places.length; start += most) {
      const some = places.slice(start, start + most)
      const keys = some.map(({ key }) => prefix + key)
      const ids = some.map(({ id }) => id)
      await this.#connection
        .ask((redis) => redis.sluiceRenew(keys.length, ...keys, `${leaseTime}`, ...ids))
        .catch(ignore)
      // Those that were given back meanwhile are not to be taken again.
      await this.leave(some.filter((place) => !this.#held.has(leaseName(place))))
    }
  }
}

function wordsOf(ask: Ask): string[] {
  const enforce = ask.enforce ? '1' : '0'
  if (ask.kind === 'lease') return ['lease', `${ask.most}`, ask.id ?? '', '', enforce]
  return ['bucket', `${ask.capacity}`, `${ask.interval}`, `${ask.cost}`, enforce]
}

function standOf([fits, remaining, wait, reset]: Numbers): Stand {
  return { fits: fits === 1, remaining, wait: known(wait), reset: known(reset) }
}

function known(milliseconds: number): number | null {
  return milliseconds < 0 ? null : milliseconds
}

function ignore(): void {}
