import { Redis } from 'ioredis'
import { startDeadline } from '../deadline.ts'
import { orAbort } from '../or-abort.ts'

/** Answers that several gateways share. */
export interface SharedCache {
  /** Null where there is none; rejects where it cannot be asked in time. */
  get(key: string): Promise<string | null>
  /** Resolves also where it cannot be kept. `ttl` in milliseconds. */
  set(key: string, value: string, ttl: number): Promise<void>
  close(): Promise<void>
}

interface Log {
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
}

/** Milliseconds: a look-up that takes longer costs more than it saves. */
const deadline = 100

/** Milliseconds without a word before a connection with unanswered questions is given up. */
const silence = 2000
const longestPause = 5000

/** Questions without an answer; more are not asked, or a Redis that hangs would fill the memory. */
const most = 1000

/**
 * Redis, or what speaks like it. Connects in the background and goes on doing so; until then, and whenever it is gone,
 * every question is refused at once.
 */
export function openSharedCache(url: string, log: Log): SharedCache {
  const redis = new Redis(url, {
    commandTimeout: silence,
    connectTimeout: silence,
    // The timer of a disconnection is not ended where the connection was gone already, and holds up the end of the process.
    disconnectTimeout: deadline,
    socketTimeout: silence,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(longestPause, 50 * 2 ** Math.min(times, 10)) * (0.5 + Math.random() / 2),
    // A replica that was the primary before: the next connection may meet the right one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  let closed = false
  announce(redis, log, () => closed)
  let asked = 0
  async function ask<T>(question: () => Promise<T>): Promise<T> {
    if (asked >= most) throw new Error('too many questions to Redis wait for an answer')
    asked += 1
    const answer = question()
    const settle = (): void => void (asked -= 1)
    answer.then(settle, settle)
    return inTime(answer)
  }
  return {
    get: (key) => ask(() => redis.get(key)),
    set: (key, value, ttl) => ask(() => redis.set(key, value, 'PX', ttl)).then(ignore, ignore),
    async close() {
      closed = true
      redis.disconnect()
    },
  }
}

function ignore(): void {}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  using late = startDeadline(deadline, 'Redis does not answer in time')
  return await orAbort(answer, late.signal)
}

/** One line when it goes, and one when it is back. */
function announce(redis: Redis, log: Log, closed: () => boolean): void {
  let up: boolean | null = null
  const down = (reason: string): void => {
    if (up === false || closed()) return
    up = false
    log.warn({ reason }, 'redis cannot be reached; gateways do not share the answers of scanners')
  }
  redis.on('ready', () => {
    if (up === false) log.info({}, 'redis is back; gateways share the answers of scanners again')
    up = true
  })
  // Without a listener, the process would end.
  redis.on('error', (error: Error) => down(error.message))
  redis.on('close', () => down('the connection ended'))
}
