import { Redis } from 'ioredis'

export interface RedisLog {
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
}

/** What the log says, once each time. */
export interface RedisWords {
  readonly gone: string
  readonly back: string
}

/** Commands of our own by name. */
export type Scripts = Record<string, { readonly lua: string }>

export interface RedisOptions {
  readonly scripts?: Scripts
  /** Milliseconds for an answer. */
  readonly deadline?: number
}

/** A connection that nobody waits for: whoever asks is answered at once or soon, or refused. */
export interface RedisConnection {
  /** Rejects where it cannot be asked in time. */
  ask<T>(question: (redis: Redis) => Promise<T>): Promise<T>
  readonly up: boolean
  /** Resolves when the first attempt to connect has ended, with whatever result. */
  readonly tried: Promise<void>
  /** Calls `back` each time when it is there (again). */
  onReady(back: () => void): void
  close(): Promise<void>
}

/** Milliseconds: an answer that takes longer costs more than it is worth. */
const usualDeadline = 100

/** Milliseconds without a word before a connection with unanswered questions is given up. */
const silence = 2000
const longestPause = 5000

/** Questions without an answer; more are not asked, or a Redis that hangs would fill the memory. */
const most = 1000

/**
 * Redis, or what speaks like it. Connects in the background and goes on doing so; until then, and whenever it is gone,
 * every question is refused at once.
 */
export function connectRedis(
  url: string,
  log: RedisLog,
  words: RedisWords,
  { scripts = {}, deadline = usualDeadline }: RedisOptions = {},
): RedisConnection {
  const redis = new Redis(url, {
    scripts,
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
  announce(redis, log, words, () => closed)
  let asked = 0
  return {
    async ask(question) {
      if (asked >= most) throw new Error('too many questions to Redis wait for an answer')
      asked += 1
      const answer = question(redis)
      const settle = (): void => void (asked -= 1)
      answer.then(settle, settle)
      return inTime(answer, deadline)
    },
    get up() {
      return redis.status === 'ready'
    },
    tried: firstAttempt(redis),
    onReady: (back) => void redis.on('ready', back),
    async close() {
      closed = true
      redis.disconnect()
    },
  }
}

/** An answer that has come while this process was busy is read first: it is not Redis that is late. */
function inTime<T>(answer: Promise<T>, deadline: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error('Redis does not answer in time'))
    const timer = setTimeout(() => setImmediate(late), deadline).unref()
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function firstAttempt(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    const ended = (): void => {
      redis.off('ready', ended).off('close', ended)
      resolve()
    }
    redis.on('ready', ended).on('close', ended)
  })
}

/** One line when it goes, and one when it is back. */
function announce(redis: Redis, log: RedisLog, words: RedisWords, closed: () => boolean): void {
  let up: boolean | null = null
  const down = (reason: string): void => {
    if (up === false || closed()) return
    up = false
    log.warn({ reason }, words.gone)
  }
  redis.on('ready', () => {
    if (up === false) log.info({}, words.back)
    up = true
  })
  // Without a listener, the process would end.
  redis.on('error', (error: Error) => down(error.message))
  redis.on('close', () => down('the connection ended'))
}
