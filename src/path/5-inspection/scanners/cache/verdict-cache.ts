import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { lookupResults } from '../scan-results.ts'
import { type DefiniteAnswer, readAnswer, writeAnswer } from './entry.ts'
import type { SharedCache } from './shared-cache.ts'

export interface Lookup {
  /** Null where there is none. */
  readonly answer: DefiniteAnswer | null
  readonly result: (typeof lookupResults)[number]
}

export interface VerdictCache {
  /** Never rejects. */
  find(key: string): Promise<Lookup>
  store(key: string, answer: DefiniteAnswer): void
  close(): Promise<void>
}

export interface CacheBounds {
  readonly entries: number
  /** Milliseconds, in memory and in Redis. */
  readonly ttl: number
}

const usual: CacheBounds = { entries: 100_000, ttl: 60 * 60 * 1000 }

/** What was answered before, in memory and, where there is one, in a cache that gateways share. */
export function createVerdictCache(shared: SharedCache | null, { entries, ttl }: CacheBounds = usual): VerdictCache {
  const memory = new LRUCache<string, string>({ max: entries, ttl })
  return {
    async find(key) {
      const known = readAnswer(memory.get(key) ?? null)
      if (known !== null) return { answer: known, result: 'memory' }
      if (shared === null) return { answer: null, result: 'absent' }
      try {
        const answer = readAnswer(await shared.get(key))
        // It has lived for a while elsewhere: kept here, it could live twice as long.
        return { answer, result: answer === null ? 'absent' : 'redis' }
      } catch {
        return { answer: null, result: 'failed' }
      }
    },
    store(key, answer) {
      const value = writeAnswer(answer)
      if (value === null) return
      memory.set(key, value)
      void shared?.set(key, value, ttl)
    },
    async close() {
      memory.clear()
      await shared?.close()
    },
  }
}

/** What an answer depends on. */
export interface CacheScope {
  readonly scanner: string
  readonly kind: string
  readonly target: string
  readonly version: string
  /** The size and the levels of archives that it was proven to look into when it answered. */
  readonly largest: number
  readonly depth: number | null
}

/** `sluice:scan:1:`, the name of the scanner, a digest of all that the answer depends on, and that of the file. */
export function cacheKey(scope: CacheScope, sha256: string): string {
  const { scanner, kind, target, version, largest, depth } = scope
  const parts = JSON.stringify([scanner, kind, target, version, largest, depth])
  const digest = createHash('sha256').update(parts).digest('hex').slice(0, 32)
  return `sluice:scan:1:${scanner}:${digest}:${sha256}`
}
