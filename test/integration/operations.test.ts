import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { createMetrics } from '../../src/metrics/registry.ts'
import { type OperationsOptions, startOperations } from '../../src/operations/listener.ts'
import { type Readiness, readinessWithin } from '../../src/operations/readiness.ts'

const TOKEN = 'correct horse battery'.replaceAll(' ', '-')
const READY: Readiness = { ready: true, checks: [{ name: 'spool', ok: true, detail: '/var/spool is writable' }] }

async function start(t: { teardown: (end: () => unknown) => unknown }, options: Partial<OperationsOptions> = {}) {
  const metrics = createMetrics({ version: '1.2.3' })
  const address = { host: '127.0.0.1', port: 0 }
  const operations = await startOperations({
    address,
    token: TOKEN,
    metrics,
    ready: () => READY,
    quarantine: null,
    changes: null,
    ...options,
  })
  t.teardown(async () => {
    metrics.stop()
    await operations.close()
  })
  const { host, port } = operations.address
  return { url: `http://${host}:${port}`, port }
}

const authorized = { headers: { Authorization: `Bearer ${TOKEN}` } }

t.test('metrics ask for the token', async (t) => {
  const { url } = await start(t)
  const response = await fetch(`${url}/metrics`, authorized)
  t.equal(response.status, 200)
  t.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
  t.match(await response.text(), 'sluice_build_info{version="1.2.3"} 1')
  t.equal((await fetch(`${url}/metrics?debug=1`, { ...authorized, method: 'HEAD' })).status, 200)
  const wrong = [
    '',
    'Bearer',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN} ${TOKEN}`,
  ]
  for (const authorization of wrong) {
    const refused = await fetch(`${url}/metrics`, { headers: { Authorization: authorization } })
    t.equal(refused.status, 401, authorization)
    t.match(refused.headers.get('www-authenticate'), /^Bearer realm=/)
    t.equal(refused.headers.get('content-type'), 'application/problem+json')
    t.match(await refused.json(), { type: 'urn:sluice:problem:operations.token', retry: { safe: true, useful: false } })
  }
})

t.test('without a token in the configuration, none is asked for', async (t) => {
  const { url } = await start(t, { token: null })
  t.equal((await fetch(`${url}/metrics`)).status, 200)
  t.match(await (await fetch(`${url}/readyz`)).json(), READY)
})

t.test('health and readiness', async (t) => {
  let readiness: () => Readiness = () => READY
  const { url } = await start(t, { ready: () => readiness() })
  const health = await fetch(`${url}/healthz`)
  t.equal(health.status, 200)
  t.equal(await health.text(), 'ok\n')
  t.notMatch([...health.headers].join(), /sluice|node|1\.2\.3/i, 'no version')
  const open = await fetch(`${url}/readyz`)
  t.equal(open.status, 200)
  t.strictSame(await open.json(), { ready: true, checks: [{ name: 'spool', ok: true }] }, 'details are for operators')
  t.match(await (await fetch(`${url}/readyz`, authorized)).json(), READY)
  readiness = () => ({ ready: false, checks: [{ name: 'draining', ok: false }] })
  const draining = await fetch(`${url}/readyz`)
  t.equal(draining.status, 503)
  t.match(await draining.json(), { ready: false, checks: [{ name: 'draining', ok: false }] })
  readiness = () => {
    throw new Error('broken')
  }
  const broken = await fetch(`${url}/readyz`, authorized)
  t.equal(broken.status, 503)
  t.match(await broken.json(), { ready: false, checks: [{ name: 'checks', ok: false, detail: 'broken' }] })
  t.match(await readinessWithin(() => new Promise<never>(() => undefined), 10), { ready: false }, 'a check that hangs')
})

t.test('everything else is a problem', async (t) => {
  const { url } = await start(t)
  const cases = [
    ['GET', '/', 404],
    ['GET', '/metrics/', 404],
    ['GET', '/__proto__', 404],
    ['POST', '/nowhere', 404],
    ['POST', '/metrics', 405],
    ['DELETE', '/healthz', 405],
  ] as const
  for (const [method, path, status] of cases) {
    const response = await fetch(url + path, { method, ...authorized })
    t.equal(response.status, status, `${method} ${path}`)
    t.equal(response.headers.get('content-type'), 'application/problem+json')
    t.equal(response.headers.get('allow'), status === 405 ? 'GET, HEAD' : null)
    t.match(await response.json(), { status, instance: /^urn:uuid:/ })
  }
  const page = await fetch(url, { headers: { Accept: 'text/html' } })
  t.match(await page.text(), '<!DOCTYPE html>')
})

t.test('what is no HTTP, or too much of it, ends the connection', async (t) => {
  const { port } = await start(t)
  const cases = [
    ['\u0016\u0003\u0001', /^HTTP\/1\.1 400/],
    [`GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
    ['CONNECT /healthz HTTP/1.1\r\nHost: a\r\n\r\n', /^$/],
    [
      'POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\nGET /healthz HTTP/1.1\r\n',
      /^HTTP\/1\.1 405/,
    ],
  ] as const
  for (const [sent, expected] of cases) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(sent)
    t.match(await text(socket), expected)
    socket.destroy()
  }
})

t.test('an address in use is told, and closing ends waiting connections', async (t) => {
  const { port } = await start(t)
  await t.rejects(start(t, { address: { host: '127.0.0.1', port } }), { code: 'EADDRINUSE' })
  const metrics = createMetrics({ version: '1' })
  t.teardown(metrics.stop)
  const address = { host: '127.0.0.1', port: 0 }
  const operations = await startOperations({
    address,
    token: null,
    metrics,
    ready: () => READY,
    quarantine: null,
    changes: null,
  })
  const socket = connect(operations.address.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /healthz HTTP/1.1\r\n')
  const ended = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve))
  await operations.close()
  await ended
  t.ok(socket.destroyed)
})
