/** Scanners and Redis are killed and started again under load: each upload ends in one right outcome. */
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import { startCIcap } from '../support/daemons/c-icap.ts'
import { startClamd } from '../support/daemons/clamd.ts'
import type { Daemon } from '../support/daemons/daemon.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { startRedis } from '../support/daemons/redis.ts'
import { startGateway } from '../support/gateway.ts'
import { type LegacyBackend, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { until } from '../support/scrape.ts'

const kills = 10
const clients = 4

interface Outcome {
  readonly marker: string
  readonly malware: boolean
  readonly status: number
  readonly problem: string | null
}

/** Uploads that differ in their marker, every third of them with the test file, until `signal` says that it is enough. */
async function load(url: string, client: number, signal: AbortSignal, outcomes: Outcome[]): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const marker = `marker-${client}-${turn}-`
    const malware = turn % 3 === 2
    const filler = Buffer.alloc(100_000 + client * 1000, `${marker}\n`)
    const content = malware ? Buffer.concat([eicar, Buffer.from(`\n${marker}\n`)]) : filler
    const body = formBody('b', [{ name: 'file', filename: 'a.txt', content }])
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const answer = await fetch(`${url}/upload`, { method: 'POST', body: new Uint8Array(body), headers })
    const text = await answer.text()
    const problem = answer.status === 200 ? null : String(JSON.parse(text).problems[0].id)
    outcomes.push({ marker, malware, status: answer.status, problem })
  }
}

/** Resolves when uploads end as they must with the scanner there: some clean, some refused. */
async function allIsWell(outcomes: readonly Outcome[]): Promise<void> {
  const from = outcomes.length
  const since = (status: number): boolean => outcomes.slice(from).some((outcome) => outcome.status === status)
  while (!since(200) || !since(422)) await sleep(20)
}

const passing = new Set(['scan.unavailable', 'scan.timeout'])

/** What is wrong with an outcome; null where it is right. */
function wrong({ marker, malware, status, problem }: Outcome, backend: LegacyBackend): string | null {
  const seen = backend.seen.filter(({ body }) => body.includes(marker)).length
  if (seen !== (status === 200 ? 1 : 0)) return `${marker} answered ${status}, and the backend saw it ${seen} times`
  if (malware && status === 200) return `${marker} is malware and was released`
  if (!malware && status === 422) return `${marker} is clean and was called malware`
  if (status !== 200 && status !== 422 && !passing.has(problem ?? '')) return `${marker} answered ${status} ${problem}`
  return null
}

async function torment(
  t: Test,
  killed: Daemon,
  scanner: Record<string, unknown>,
  state: Record<string, unknown> = {},
): Promise<readonly Outcome[]> {
  const backend = await startBackend(() => plainAnswer('thanks'))
  const gateway = await startGateway({
    upstream: backend.url,
    policy: { files: { scanners: ['av'], types: 'any' } },
    configuration: { scanners: { av: { ...scanner, timeout: '5s' } }, state },
  })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  await until(gateway, 'sluice_scanner_up{scanner="av"}', 1)
  const outcomes: Outcome[] = []
  const enough = new AbortController()
  const running = Array.from({ length: clients }, (_, client) => load(gateway.url, client, enough.signal, outcomes))
  for (let turn = 0; turn < kills; turn++) {
    if (turn === 0) await allIsWell(outcomes)
    await sleep(20 + Math.random() * 100)
    await killed.kill()
    await sleep(20 + Math.random() * 100)
    await killed.restart()
  }
  await allIsWell(outcomes)
  enough.abort()
  await Promise.all(running)
  t.same(
    outcomes.map((outcome) => wrong(outcome, backend)).filter((words) => words !== null),
    [],
  )
  return outcomes
}

const count = (outcomes: readonly Outcome[], status: number) => outcomes.filter((o) => o.status === status).length

t.test('clamd', { skip: missing('clamd') }, async (t) => {
  const clamd = needed(await startClamd(t))
  const outcomes = await torment(t, clamd, { type: 'clamd', address: `127.0.0.1:${clamd.port}` })
  t.ok(count(outcomes, 503) > 0, 'some uploads were refused for want of a scanner')
})

t.test('c-icap', { skip: missing('clamd', 'c-icap') }, async (t) => {
  const clamd = needed(await startClamd(t))
  const icap = needed(await startCIcap(t, { clamd: clamd.path }))
  const outcomes = await torment(t, icap, { type: 'icap', url: `icap://127.0.0.1:${icap.port}/avscan` })
  t.ok(count(outcomes, 503) > 0, 'some uploads were refused for want of a scanner')
})

t.test('Redis, without which nothing is refused', { skip: missing('clamd', 'c-icap', 'redis-server') }, async (t) => {
  const clamd = needed(await startClamd(t))
  const icap = needed(await startCIcap(t, { clamd: clamd.path }))
  const redis = needed(await startRedis(t))
  const scanner = { type: 'icap', url: `icap://127.0.0.1:${icap.port}/avscan` }
  const outcomes = await torment(t, redis, scanner, { redis: `redis://127.0.0.1:${redis.port}` })
  t.equal(count(outcomes, 503), 0)
})
