import { connect } from 'node:net'
import { Redis } from 'ioredis'
import type { SettledConfiguration } from '../../config/snapshot.ts'
import { describeFault } from '../../printable.ts'
import { type Diagnosis, fine, worse } from './diagnosis.ts'

/** Milliseconds for a connection. */
const patience = 2000

/** The services behind the gateway, and those that it keeps things in. */
export function checkServices({ upstreams, state, quarantine }: SettledConfiguration): Promise<Diagnosis>[] {
  const checks = Object.entries(upstreams).map(([name, { urls }]) => checkUpstream(name, urls))
  if (state.redis !== null) checks.push(checkRedis(state.redis))
  const bucket = quarantine?.s3 ?? null
  if (bucket !== null) checks.push(checkBucket(bucket.endpoint))
  return checks
}

async function checkUpstream(name: string, urls: readonly string[]): Promise<Diagnosis> {
  const what = `upstream ${name}`
  const reasons = await Promise.all(urls.map(async (url) => ({ url, reason: await reach(url) })))
  const down = reasons.flatMap(({ url, reason }) => (reason === null ? [] : [`${url}: ${reason}`]))
  if (down.length === 0) return fine(what, `${urls.join(', ')} accepts connections`)
  const fix = `start the service, or mend urls of upstreams.${name}`
  return worse(down.length < urls.length ? 'warn' : 'fail', what, down.join('; '), fix)
}

async function checkBucket(endpoint: string): Promise<Diagnosis> {
  const reason = await reach(endpoint)
  if (reason === null) return fine('quarantine', `${endpoint} accepts connections`)
  return worse('fail', 'quarantine', `${endpoint}: ${reason}`, 'start the S3 service, or mend quarantine.s3.endpoint')
}

/** Why nothing accepts a connection there; null where something does. */
function reach(url: string): Promise<string | null> {
  const { protocol, hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: patience })
    const end = (reason: string | null) => () => {
      socket.destroy()
      resolve(reason)
    }
    socket.once('connect', end(null)).once('timeout', end('no connection within 2 s'))
    socket.once('error', (error) => end(error.message)())
  })
}

/** The gateway runs without it, and says so. */
async function checkRedis(url: string): Promise<Diagnosis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: patience,
    commandTimeout: patience,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let reason = ''
  redis.on('error', (error: Error) => {
    reason = error.message
  })
  try {
    await redis.connect()
    await redis.ping()
    return fine('redis', 'it answers')
  } catch (error) {
    const fix = 'start Redis, or mend state.redis; until then nothing is shared'
    return worse('warn', 'redis', reason || describeFault(error), fix)
  } finally {
    redis.disconnect()
  }
}
