import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { send } from '../../src/upstream/send.ts'
import type { Upstream, UpstreamConfig, UpstreamEvents } from '../../src/upstream/upstream.ts'
import { checkHealth } from '../../src/upstream/upstreams.ts'
import { startGateway } from '../support/gateway.ts'
import { type LegacyBackend, plainAnswer, type SeenRequest, startBackend } from '../support/legacy-backend.ts'
import { until } from '../support/scrape.ts'
import { memorySink, upload, upstreamOf } from '../support/sending.ts'
import { serveSluice, writeConfiguration } from '../support/sluice-process.ts'

const settings = { path: '/healthz', every: 30, timeout: 5_000, failures: 2, successes: 2 }

interface Watched {
  readonly upstream: Upstream
  /** Resolves when the endpoint at this place is, or becomes, up or not. */
  readonly until: (index: number, up: boolean) => Promise<void>
  readonly reasons: string[]
  readonly stop: () => Promise<void>
}

/** An upstream whose health is checked until the end of the test. */
function watch(t: Test, urls: readonly string[], config: Partial<UpstreamConfig> = {}): Watched {
  let changed = Promise.withResolvers<void>()
  const reasons: string[] = []
  const events: UpstreamEvents = {
    changed(_endpoint, _up, reason) {
      reasons.push(reason)
      changed.resolve()
      changed = Promise.withResolvers()
    },
    ejected() {},
    retried() {},
  }
  const upstream = upstreamOf(urls, { health: settings, ...config }, events)
  const stop = checkHealth(new Map([['u', upstream]]))
  t.teardown(async () => {
    await stop()
    await upstream.destroy()
  })
  return {
    upstream,
    reasons,
    stop,
    async until(index, up) {
      while (upstream.endpoints[index]?.isUp !== up) await changed.promise
    },
  }
}

interface Checked extends LegacyBackend {
  /** Status of the answers to health checks; 0: none. */
  health: number
  readonly checks: SeenRequest[]
  readonly uploads: SeenRequest[]
  /** Resolves when so many checks have come from now on. */
  checkedAgain(times: number): Promise<void>
}

/** A backend with a health check. */
async function startChecked(t: Test, name: string, health = 200): Promise<Checked> {
  let asked = Promise.withResolvers<void>()
  const backend = await startBackend((request) => {
    if (request.target !== '/healthz') {
      checked.uploads.push(request)
      return plainAnswer(name)
    }
    checked.checks.push(request)
    asked.resolve()
    asked = Promise.withResolvers()
    return checked.health === 0 ? null : `HTTP/1.1 ${checked.health} Health\r\nContent-Length: 0\r\n\r\n`
  })
  const checked: Checked = Object.assign(backend, {
    health,
    checks: [],
    uploads: [],
    async checkedAgain(times: number) {
      const enough = checked.checks.length + times
      while (checked.checks.length < enough) await asked.promise
    },
  })
  t.teardown(() => backend.close())
  return checked
}

async function answers(upstream: Upstream, times: number): Promise<string[]> {
  const texts: string[] = []
  for (let time = 0; time < times; time++) {
    const sink = memorySink()
    await send(upstream, upload(), sink)
    texts.push(sink.text)
  }
  return texts
}

t.test('one that is down gets nothing while another is up, and its share when it is back', async (t) => {
  const [one, two] = [await startChecked(t, 'one'), await startChecked(t, 'two')]
  const { upstream, until, reasons } = watch(t, [one.url, two.url])
  one.health = 503
  await until(0, false)
  t.same(new Set(await answers(upstream, 20)), new Set(['200 OK: two']))
  t.equal(one.uploads.length, 0)
  one.health = 204
  await until(0, true)
  t.same(new Set(await answers(upstream, 20)), new Set(['200 OK: one', '200 OK: two']))
  t.same(reasons, ['health check: it answered 503', 'its health check is answered'])
  t.same(one.checks[0]?.line, 'GET /healthz HTTP/1.1')
})

t.test('where all are down, all are tried: a check that is wrong takes nothing away', async (t) => {
  const [one, two] = [await startChecked(t, 'one', 404), await startChecked(t, 'two', 302)]
  const { upstream, until } = watch(t, [one.url, two.url])
  await until(0, false)
  await until(1, false)
  t.same(new Set(await answers(upstream, 20)), new Set(['200 OK: one', '200 OK: two']))
})

t.test('one check now and then tells nothing', async (t) => {
  const one = await startChecked(t, 'one')
  const { upstream, reasons } = watch(t, [one.url])
  for (let round = 0; round < 5; round++) {
    one.health = 500
    await one.checkedAgain(1)
    one.health = 200
    await one.checkedAgain(2)
  }
  t.ok(upstream.endpoints[0]?.isUp)
  t.same(reasons, [])
})

t.test('a check that hangs is one that failed, and there is never more than one', async (t) => {
  const [hung, well] = [await startChecked(t, 'hung', 0), await startChecked(t, 'well')]
  let most = 0
  hung.early = () => {
    most = Math.max(most, hung.open.size)
    return false
  }
  const health = { ...settings, every: 10, timeout: 100 }
  const { upstream, until, reasons } = watch(t, [hung.url, well.url], { health })
  await until(0, false)
  await hung.checkedAgain(3)
  // The end of one may be seen just after the beginning of the next.
  t.ok(most <= 2)
  t.same(reasons, ['health check: no answer within 100 ms'])
  t.same(new Set(await answers(upstream, 10)), new Set(['200 OK: well']))
})

t.test('the first check is made at once; the end of them all ends the one under way', async (t) => {
  const one = await startChecked(t, 'one', 0)
  const { stop, reasons } = watch(t, [one.url], { health: { ...settings, every: 86_400_000, timeout: 86_400_000 } })
  await one.receives('GET /healthz')
  await stop()
  await one.idle()
  t.equal(one.checks.length, 1)
  t.same(reasons, [])
  const two = await startChecked(t, 'two')
  const between = watch(t, [two.url], { health: { ...settings, every: 86_400_000 } })
  await two.receives('GET /healthz')
  await two.idle()
  await between.stop()
  t.pass('a pause ends too')
})

t.test('a name that does not resolve, next to a good server', async (t) => {
  const good = await startChecked(t, 'good')
  const { upstream, until } = watch(t, ['http://backend.invalid:80', good.url])
  t.same(new Set(await answers(upstream, 10)), new Set(['200 OK: good']))
  await until(0, false)
  const uploads = good.uploads.length
  t.same(new Set(await answers(upstream, 10)), new Set(['200 OK: good']))
  t.equal(good.uploads.length, uploads + 10)
})

const openssl = spawnSync('openssl', ['version']).status === 0 ? false : 'needs openssl: apt-get install openssl'

t.test('a certificate that nobody vouches for, next to a good server', { skip: openssl }, async (t) => {
  const directory = t.testdir()
  const [key, cert] = [`${directory}/key.pem`, `${directory}/cert.pem`]
  const options = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=elsewhere'
  t.equal(spawnSync('openssl', [...options.split(' '), '-keyout', key, '-out', cert]).status, 0)
  let requests = 0
  const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    requests += 1
    response.end('stranger')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const good = await startChecked(t, 'good')
  const { upstream, until, reasons } = watch(t, [`https://127.0.0.1:${port}`, good.url])
  await until(0, false)
  t.same(new Set(await answers(upstream, 10)), new Set(['200 OK: good']))
  t.match(reasons[0], /certificate|tls/)
  t.equal(requests, 0, 'not even a check is said to it')
})

t.test('/readyz and gauges tell of an upstream that is wholly down', async (t) => {
  const one = await startChecked(t, 'one', 503)
  const backend = { urls: [one.url], health: { every: '30ms', failures: 1 } }
  const gateway = await startGateway({ upstream: one.url, configuration: { upstreams: { backend } } })
  t.teardown(gateway.close)
  const up = `sluice_upstream_endpoint_up{upstream="backend",endpoint="${one.url}"}`
  await until(gateway, up, 0)
  const down = await fetch(`${gateway.operationsUrl}/readyz`)
  t.equal(down.status, 200, 'the gateway itself is ready')
  t.match(await down.text(), /upstream backend/)
  one.health = 200
  await until(gateway, up, 1)
  t.notMatch(await (await fetch(`${gateway.operationsUrl}/readyz`)).text(), /upstream backend/)
  await until(gateway, `sluice_upstream_in_flight_requests{upstream="backend",endpoint="${one.url}"}`, 0)
})

t.test('the log has one line when a server goes and one when it is back', async (t) => {
  const one = await startChecked(t, 'one', 503)
  const backend = { urls: [one.url], health: { every: '30ms', failures: 1 } }
  const file = writeConfiguration(t.testdir(), one.url, { upstreams: { backend } })
  const sluice = await serveSluice(t, ['-c', file])
  await sluice.logs('an endpoint of an upstream is down')
  await one.checkedAgain(10)
  one.health = 200
  await sluice.logs('an endpoint of an upstream is back')
  await one.checkedAgain(10)
  sluice.kill('SIGTERM')
  t.match(await sluice.ended, { code: 0 })
  const lines = sluice
    .stdout()
    .split('\n')
    .filter((line) => line.includes('an endpoint of an upstream'))
    .map((line): unknown => JSON.parse(line))
  const about = { upstream: 'backend', endpoint: one.url }
  t.match(lines, [{ ...about, reason: 'health check: it answered 503' }, about])
  t.equal(lines.length, 2)
})
