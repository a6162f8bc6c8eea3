import t, { type Test } from 'tap'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { actedOn, type Instance, startInstance } from '../support/orchestrated.ts'
import { until } from '../support/scrape.ts'
import { startLoad, type UploadEnd, uploadOnce } from '../support/upload-load.ts'

const health = { path: '/healthz', every: '100ms', timeout: '2s', failures: 2 }

async function gatewayFor(
  t: Test,
  instances: readonly Instance[],
  settings: Record<string, unknown>,
): Promise<TestGateway> {
  const urls = instances.map(({ url }) => url)
  const backend = { urls, connect: '2s', response: '20s', retryFor: '60s', ...settings }
  const gateway = await startGateway({ upstream: urls, configuration: { upstreams: { backend } } })
  t.teardown(gateway.close)
  return gateway
}

function up({ url }: Instance): string {
  return `sluice_upstream_endpoint_up{upstream="backend",endpoint="${url}"}`
}

/** That each end is the truth about what the service has done. */
function checkTruth(t: Test, ends: readonly UploadEnd[], acted: ReadonlyMap<string, number>): void {
  const lies = ends.filter(({ id, status, safe }) => {
    const times = acted.get(id) ?? 0
    if (status === 200) return times !== 1
    return safe === true ? times !== 0 : times > 1
  })
  t.same(lies, [], 'no end is a lie')
  t.equal(new Set(ends.map(({ id }) => id)).size, ends.length)
  const failed = ends.filter(({ status }) => status !== 200)
  t.comment(`${ends.length} uploads, ${failed.length} of them not answered by the service`)
}

t.test('the rolling restart of two instances under load fails no upload', async (t) => {
  const folder = t.testdir()
  const instances = [await startInstance(t, folder), await startInstance(t, folder)]
  const gateway = await gatewayFor(t, instances, { health })
  const load = startLoad(gateway.url, 8)
  await load.more(50)
  for (const instance of [...instances, ...instances]) {
    await instance.end('SIGTERM')
    await until(gateway, up(instance), 0)
    await load.more(20)
    await instance.start()
    await until(gateway, up(instance), 1)
    await load.more(50)
  }
  const ends = await load.stop()
  t.same(
    ends.filter(({ status }) => status !== 200),
    [],
  )
  checkTruth(t, ends, actedOn(folder))
})

t.test('an instance that is killed under load: every upload ends, and its end is true', async (t) => {
  const folder = t.testdir()
  const instance = await startInstance(t, folder)
  const gateway = await gatewayFor(t, [instance], { health })
  const load = startLoad(gateway.url, 8)
  for (let round = 0; round < 4; round++) {
    await load.more(50)
    await instance.end('SIGKILL')
    await instance.start()
  }
  await load.more(50)
  const ends = await load.stop()
  checkTruth(t, ends, actedOn(folder))
  const problems = new Set(ends.flatMap(({ problem }) => problem ?? []))
  t.same(
    [...problems],
    problems.size === 0 ? [] : ['upstream.reset'],
    'only what may have been acted on is not sent again',
  )
})

t.test('with a key, an instance that is killed under load fails no upload', async (t) => {
  const folder = t.testdir()
  const instances = [await startInstance(t, folder), await startInstance(t, folder)]
  const gateway = await gatewayFor(t, instances, { health, idempotencyKey: 'Idempotency-Key' })
  const load = startLoad(gateway.url, 8)
  for (const instance of [...instances, ...instances]) {
    await load.more(50)
    await instance.end('SIGKILL')
    await instance.start()
  }
  // Both at a time.
  await Promise.all(instances.map((instance) => instance.end('SIGKILL')))
  await Promise.all(instances.map((instance) => instance.start()))
  await load.more(50)
  const ends = await load.stop()
  t.same(
    ends.filter(({ status }) => status !== 200),
    [],
  )
  checkTruth(t, ends, actedOn(folder))
})

t.test('uploads that are held while the only instance restarts all arrive', async (t) => {
  const folder = t.testdir()
  const instance = await startInstance(t, folder)
  const gateway = await gatewayFor(t, [instance], {})
  await instance.end('SIGKILL')
  const ids = Array.from({ length: 20 }, (_, index) => `held${index}`)
  const ends = Promise.all(ids.map((id) => uploadOnce(gateway.url, id)))
  await until(gateway, up(instance), 0)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  t.equal(actedOn(folder).size, 0)
  await instance.start()
  t.same(
    (await ends).map(({ status }) => status),
    Array(20).fill(200),
  )
  t.same(actedOn(folder), new Map(ids.map((id) => [id, 1])))
})
