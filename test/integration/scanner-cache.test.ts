/** Answers that gateways share, in a real Redis that is killed, hangs and holds what nobody wrote. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { openSharedCache, type SharedCache } from '../../src/path/5-inspection/scanners/cache/shared-cache.ts'
import { createVerdictCache, type VerdictCache } from '../../src/path/5-inspection/scanners/cache/verdict-cache.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { startRedis } from '../support/daemons/redis.ts'

interface Teardown {
  teardown(end: () => unknown): unknown
}

const options = { skip: missing('redis-server') }

const patience = 15_000

function open(t: Teardown, url: string) {
  const lines: string[] = []
  const say = (_: object, message: string): void => void lines.push(message)
  const shared = openSharedCache(url, { info: say, warn: say })
  t.teardown(() => shared.close())
  return { shared, lines }
}

/** One that has nothing in memory: each look-up goes to Redis. */
function forgetful(shared: SharedCache): VerdictCache {
  return createVerdictCache(shared, { entries: 1, ttl: 60_000 })
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + patience
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to that')
    await sleep(20)
  }
}

const answers = (shared: SharedCache) => async () => (await forgetful(shared).find('none')).result === 'absent'

t.test('what one gateway has learnt, another knows', options, async (t) => {
  const redis = needed(await startRedis(t))
  const [one, other] = [open(t, redis.url).shared, open(t, redis.url).shared]
  await until(answers(one))
  await until(answers(other))
  const [writer, reader] = [createVerdictCache(one), createVerdictCache(other)]
  writer.store('a', { result: 'infected', signature: 'Eicar "1"' })
  writer.store('b', { result: 'clean' })
  writer.store('c', { result: 'infected', signature: 'no\nname' })
  await until(async () => (await reader.find('b')).answer !== null)
  t.same(await reader.find('a'), { answer: { result: 'infected', signature: 'Eicar "1"' }, result: 'redis' })
  t.same(await reader.find('b'), { answer: { result: 'clean' }, result: 'redis' })
  t.same(await reader.find('c'), { answer: null, result: 'absent' }, 'what cannot be read is not written')
  t.same(await writer.find('a'), { answer: { result: 'infected', signature: 'Eicar "1"' }, result: 'memory' })
  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  t.ok((await client.pttl('a')) > 3_500_000, 'for an hour')
  await client.set('d', 'CLEAN')
  t.same(await reader.find('d'), { answer: null, result: 'absent' }, 'garbage')
  await client.hset('e', 'f', 'g')
  t.same(await reader.find('e'), { answer: null, result: 'failed' }, 'another kind of value')
  const short = createVerdictCache(one, { entries: 10, ttl: 50 })
  short.store('f', { result: 'clean' })
  await sleep(80)
  t.same(await short.find('f'), { answer: null, result: 'absent' }, 'not for ever')
})

t.test('a Redis that goes costs nobody an answer', options, async (t) => {
  const redis = needed(await startRedis(t))
  const { shared, lines } = open(t, redis.url)
  await until(answers(shared))
  const cache = forgetful(shared)
  const enough = new AbortController()
  const seen = new Set<string>()
  const work = async (): Promise<void> => {
    for (let turn = 0; !enough.signal.aborted; turn++) {
      cache.store(`key-${turn % 50}`, { result: 'clean' })
      seen.add((await cache.find(`key-${(turn + 49) % 50}`)).result)
      await sleep(1)
    }
  }
  const working = Promise.all(Array.from({ length: 8 }, work))
  for (let kill = 0; kill < 3; kill++) {
    await sleep(100)
    await redis.kill()
    await until(async () => (await cache.find('none')).result === 'failed')
    await redis.restart()
    await until(answers(shared))
  }
  enough.abort()
  await working
  t.ok(seen.has('failed') && seen.has('absent') && seen.has('redis'))
  t.equal(lines.filter((line) => line.includes('cannot be reached')).length, 3, 'one line each time it goes')
  t.equal(lines.filter((line) => line.includes('is back')).length, 3)
})

t.test('a Redis that hangs is not waited for', options, async (t) => {
  const redis = needed(await startRedis(t))
  const { shared } = open(t, redis.url)
  await until(answers(shared))
  process.kill(redis.pid, 'SIGSTOP')
  const cache = forgetful(shared)
  const found = await Promise.all(Array.from({ length: 3000 }, (_, index) => cache.find(`key-${index}`)))
  t.ok(found.every(({ result }) => result === 'failed'))
  process.kill(redis.pid, 'SIGCONT')
  await until(answers(shared))
})

t.test('a Redis that refuses', options, async (t) => {
  const redis = needed(await startRedis(t, ['--requirepass', 'sesame']))
  const { shared, lines } = open(t, redis.url)
  await until(() => lines.length > 0)
  t.same(await forgetful(shared).find('a'), { answer: null, result: 'failed' })
  t.notMatch(lines.join(), 'sesame')
  const { shared: admitted } = open(t, redis.url.replace('127', ':sesame@127'))
  await until(answers(admitted))
})

t.test('a Redis that was never there, and a close in the middle', async (t) => {
  const { shared, lines } = open(t, 'redis://127.0.0.1:1')
  t.same(await forgetful(shared).find('a'), { answer: null, result: 'failed' })
  await until(() => lines.length > 0)
  await shared.close()
  t.same(await forgetful(shared).find('a'), { answer: null, result: 'failed' })
})
