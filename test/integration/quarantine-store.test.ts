import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer as createTunnel, type Socket } from 'node:net'
import { S3mini } from 's3mini'
import t, { type Test } from 'tap'
import { examineBucket, openBucketStore } from '../../src/quarantine/bucket/open-bucket-store.ts'
import { openDirectoryStore } from '../../src/quarantine/directory/open-directory-store.ts'
import { radosGatewayMissing, type S3Service, startRadosGateway } from '../support/daemons/rados-gateway.ts'
import { inChunks, refusedEntry } from '../support/refused-entry.ts'
import {
  keepIn,
  never,
  type OpenStore,
  otherSecret,
  secret,
  storeContract,
  unbounded,
} from '../support/store-contract.ts'

const MiB = 1024 * 1024
/** Most of the time is spent waiting for the service. */
const jobs = 4
const buffered = { buffered: true }

t.test('in a directory', async (t) => {
  const root = t.testdir({})
  storeContract(t, () => {
    const directory = `${root}/${randomUUID()}`
    return (over) => openDirectoryStore({ ...unbounded, directory, keepFree: 0, ...over })
  })
})

/** `SLUICE_TEST_S3=https://key:secret@host/bucket?region=…` names another service than the one that is started here. */
function namedService(): S3Service | null {
  if (!process.env.SLUICE_TEST_S3) return null
  const { origin, username, password, pathname, searchParams } = new URL(process.env.SLUICE_TEST_S3)
  const keys = { accessKey: decodeURIComponent(username), secretKey: decodeURIComponent(password) }
  return { endpoint: origin, bucket: pathname.slice(1), region: searchParams.get('region') ?? 'us-east-1', ...keys }
}

t.test('in a bucket of a real S3 service', async (t) => {
  const service = namedService() ?? (await startRadosGateway(t))
  if (!service) {
    t.plan(0, radosGatewayMissing)
    return
  }
  t.jobs = jobs
  storeContract(t, () => bucketIn(service))

  t.test(
    'what dead processes left is cleared: a removal goes on, a claim without an entry goes',
    buffered,
    async (t) => {
      const prefix = randomUUID()
      const store = await bucketIn(service, prefix)()
      const removed = await keepIn(store, randomBytes(10))
      const claimed = await keepIn(store, randomBytes(10))
      t.equal(await store.claim(claimed.entry.id), 'claimed')
      const s3 = rawClient(service)
      const before = await keysOf(s3, prefix)
      const bucket = { ...service, prefix }
      t.same(await examineBucket({ ...bucket, encrypt: secret }, never), [])
      const strange = await examineBucket({ ...bucket, encrypt: otherSecret }, never)
      t.same(
        strange.map(({ id, state }) => `${id} ${state}`).sort(),
        [`${removed.entry.id} held`, `${claimed.entry.id} releasing`].sort(),
      )
      t.same(await keysOf(s3, prefix), before, 'to look changes nothing')
      await s3.putObject(`${prefix}/claims/${removed.entry.id}`, `removing ${randomUUID()}`)
      const orphan = refusedEntry(Buffer.alloc(0)).entry.id
      await s3.putObject(`${prefix}/claims/${orphan}`, `releasing ${randomUUID()}`)
      const left = () => store.list().then(({ entries }) => entries.map(({ entry, state }) => [entry.id, state]))
      t.same(await left(), [[claimed.entry.id, 'releasing']], 'what is being removed is not there')
      t.equal(await store.open(removed.entry.id), null)
      t.equal(await store.claim(removed.entry.id), 'absent')
      t.same(await store.sweep(), [])
      t.same(await keysOf(s3, prefix), [`claims/${claimed.entry.id}`, `entries/${claimed.entry.id}`])
      await store.close()
    },
  )

  t.test(
    'a connection that breaks is tried again; where it always breaks, no object and no part is left',
    buffered,
    async (t) => {
      const tunnel = await startTunnel(t, service)
      const prefix = randomUUID()
      const store = await bucketIn({ ...service, endpoint: tunnel.url }, prefix)()
      tunnel.cuts = 2
      const content = randomBytes(11 * MiB)
      t.same((await keepIn(store, content)).kept, { kept: true })
      t.equal(tunnel.cuts, 0)
      tunnel.cuts = Number.POSITIVE_INFINITY
      t.match((await keepIn(store, content)).kept, { kept: false, reason: 'failed' })
      const { entry, bytes } = refusedEntry(randomBytes(4 * MiB))
      t.match(await store.keep(entry, () => inChunks(bytes), never), { kept: false, reason: 'failed' }, 'in one piece')
      t.equal((await keysOf(rawClient(service), prefix)).length, 1)
      t.equal(await partsOf(rawClient(service), prefix), 0)
      tunnel.cuts = 0
      t.equal((await store.list()).entries.length, 1)
      await tunnel.close()
      await t.rejects(store.list())
      await t.rejects(store.claim(entry.id))
      await store.close()
    },
  )

  t.test('an answer that is lost: whoever made the claim has it, and nobody else', buffered, async (t) => {
    const tunnel = await startTunnel(t, service)
    const prefix = randomUUID()
    const store = await bucketIn({ ...service, endpoint: tunnel.url }, prefix)()
    const other = await bucketIn(service, prefix)()
    for (const taken of [false, true]) {
      const { entry } = await keepIn(store, randomBytes(10))
      if (taken) t.equal(await other.claim(entry.id), 'claimed')
      tunnel.swallow = /^PUT \S+\/claims\//
      t.equal(await store.claim(entry.id), taken ? 'releasing' : 'claimed')
      t.equal(tunnel.swallow, null, 'one was lost')
      t.equal(await other.claim(entry.id), 'releasing')
    }
    await store.close()
    await other.close()
  })

  t.test('a wrong secret and a missing bucket are told at opening', buffered, async (t) => {
    const cases: [string, Partial<S3Service>, RegExp][] = [
      ['wrong secret', { secretKey: 'wrong' }, /bucket quarantine cannot be used: S3 returned 403/],
      ['no such bucket', { bucket: 'nowhere' }, /bucket nowhere cannot be used: S3 returned 404/],
    ]
    for (const [title, over, message] of cases) {
      if (process.env.SLUICE_TEST_S3) continue
      await t.rejects(bucketIn({ ...service, ...over })(), { message }, title)
    }
  })
})

t.test('a bucket that cannot be trusted with claims, or does not answer, is not opened', async (t) => {
  const cases: [string, RequestListener, RegExp][] = [
    ['ignores the condition', (_, answer) => answer.end(), /ignores If-None-Match/],
    ['does not know it', (_, answer) => answer.writeHead(501).end(), /S3 returned 501/],
    ['is redirected', (_, answer) => answer.writeHead(307, { location: '/' }).end(), /cannot be used/],
    ['is silent', () => {}, /cannot be used: .*time/],
  ]
  for (const [title, listener, message] of cases) {
    const server = createServer((request, answer) => {
      request.resume().on('end', () => listener(request, answer))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const service = { endpoint, bucket: 'b', region: 'r', accessKey: 'a', secretKey: 's' }
    await t.rejects(bucketIn(service, '', { timeout: 300 })(), { message }, title)
    server.closeAllConnections()
    server.close()
  }
})

function bucketIn(service: S3Service, prefix: string = `some where/${randomUUID()}`, more = {}): OpenStore {
  return (over) => openBucketStore({ ...unbounded, ...service, prefix, ...more, ...over })
}

function rawClient({ endpoint, bucket, region, accessKey, secretKey }: S3Service): S3mini {
  const keys = { accessKeyId: accessKey, secretAccessKey: secretKey }
  return new S3mini({ endpoint: `${endpoint}/${bucket}`, region, ...keys })
}

async function keysOf(s3: S3mini, prefix: string): Promise<string[]> {
  const found = (await s3.listObjects('/', `${prefix}/`)) ?? []
  return found.map(({ Key }) => Key.slice(prefix.length + 1)).sort()
}

async function partsOf(s3: S3mini, prefix: string): Promise<number> {
  const answer = JSON.stringify(await s3.listMultipartUploads('/', '', 'GET', { prefix }))
  return answer.split('UploadId"').length - 1
}

/**
 * A way to the service that cuts, `cuts` times, a connection on which 2 MiB have gone towards it, and once, in the place
 * of the answer, one on which a request like `swallow` has.
 */
async function startTunnel(t: Test, { endpoint }: S3Service) {
  const { hostname, port } = new URL(endpoint)
  const open = new Set<Socket>()
  const server = createTunnel((client) => {
    const service = connect(Number(port), hostname)
    for (const socket of [client, service]) socket.on('error', () => {}).on('close', () => open.delete(socket))
    open.add(client).add(service)
    let sent = 0
    let swallowing = false
    service.on('data', () => {
      if (!swallowing) return
      client.destroy()
      service.destroy()
    })
    client.on('data', (bytes) => {
      sent += bytes.length
      if (tunnel.swallow?.test(bytes.toString('latin1'))) {
        swallowing = true
        tunnel.swallow = null
      }
      if (sent < 2 * MiB || tunnel.cuts === 0 || client.destroyed) return
      tunnel.cuts--
      client.destroy()
      service.destroy()
    })
    client.pipe(service).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const tunnel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: 0,
    swallow: null as RegExp | null,
    async close() {
      for (const socket of open) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
  t.teardown(() => tunnel.close())
  return tunnel
}
