import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'undici'
import { startDeadline } from '../deadline.ts'
import { describeFault } from '../printable.ts'
import type { Endpoint } from './endpoint.ts'
import { connector } from './pool.ts'
import type { HealthSettings } from './upstream.ts'

/** Ends the checks; resolves when none is under way. */
export type StopChecks = () => Promise<void>

/** Gateways that were started together do not check together: as a part of the interval, up and down. */
const jitter = 0.1
/** Bytes. The status is all that counts; a body that is not read looks to the backend like a client that failed. */
const longestAnswer = 64 * 1024

/** Asks a backend how it is, at once and then at each interval, one check at a time, on a connection of its own. */
export function startHealthChecks(endpoint: Endpoint, settings: HealthSettings): StopChecks {
  const stopping = new AbortController()
  const running = checkUntil(endpoint, settings, stopping.signal)
  return () => {
    stopping.abort()
    return running
  }
}

async function checkUntil(endpoint: Endpoint, settings: HealthSettings, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const begun = performance.now()
    const reason = await check(endpoint.url, settings, stopping)
    if (stopping.aborted) return
    endpoint.checked(reason)
    const interval = settings.every * (1 + jitter * (2 * Math.random() - 1))
    const pause = Math.max(0, begun + interval - performance.now())
    await delay(pause, undefined, { signal: stopping, ref: false }).catch(() => undefined)
  }
}

/** Why it is not well, as a clause; empty where it is. Never rejects. */
async function check(url: URL, { path, timeout }: HealthSettings, stopping: AbortSignal): Promise<string> {
  // One that stays open would be a check of the connection that it had, not of the one that it would take.
  const client = new Client(url, { connect: connector(url, timeout), pipelining: 0, allowH2: false })
  using late = startDeadline(timeout, 'the health check took too long', stopping)
  const { signal } = late
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path, headers, signal })
    await body.dump({ limit: longestAnswer, signal }).catch(() => undefined)
    return statusCode >= 200 && statusCode < 300 ? '' : `it answered ${statusCode}`
  } catch (error) {
    return late.isOver ? `no answer within ${timeout} ms` : describeFault(error)
  } finally {
    await client.destroy()
  }
}

const headers = { 'user-agent': 'sluice', accept: '*/*' }
