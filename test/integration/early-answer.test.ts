import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { earlyClients, writeThenRead } from '../support/early-clients.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { gauge, until } from '../support/scrape.ts'

const mebibyte = 1024 * 1024
const boundary = 'between'
const content = Buffer.alloc(64 * mebibyte, 'sluice ')
const body = formBody(boundary, [{ name: 'file', filename: 'a.bin', content }])
const chunked = [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]

const backend = await startBackend()
/** By the head where it announces the length; in the middle of the body where it does not, or where the file is the one too large. */
const gateways = [
  await startGateway({ upstream: backend.url, policy: { request: { size: '1MiB' }, files: { size: '1MiB' } } }),
  await startGateway({ upstream: backend.url, policy: { files: { size: '3MiB' } }, hold: { memory: '1MiB' } }),
]
t.teardown(async () => {
  for (const { close } of gateways) await close()
  await backend.close()
})
const path = join(t.testdir(), 'body')
writeFileSync(path, body)

function head(framing: string): string {
  const type = `Content-Type: multipart/form-data; boundary=${boundary}`
  return `POST /upload HTTP/1.1\r\nHost: a\r\n${type}\r\n${framing}\r\n\r\n`
}

/** Of connections that are closed, as all are then. */
async function drainedBytes(gateway: TestGateway): Promise<number> {
  await until(gateway, 'sluice_connections_open', 0)
  return (await gauge(gateway, 'sluice_early_answer_drained_bytes_total')) ?? 0
}

const refused = { status: 413, title: String, problems: [{ failed: String, expected: String }], retry: { safe: true } }

for (const client of earlyClients) {
  t.test(`${client.name} reads the refusal of what it is sending`, async (t) => {
    if (!client.needs.every((needed) => existsSync(needed))) {
      const missing = `apt-get install --no-install-recommends ${client.packages}`
      if (process.env['CI']) throw new Error(missing)
      t.pass(`${client.name} is not installed`, { skip: missing })
      return
    }
    // Without a length, both refuse in the middle.
    const urls = gateways.slice(client.name.includes('in chunks') ? 1 : 0).map(({ url }) => `${url}/upload`)
    for (const url of [...urls, ...urls, ...urls]) {
      const answer = await client.send({ url, boundary, path })
      t.equal(answer.status, 413)
      t.match(JSON.parse(answer.body), refused)
    }
  })
}

for (const [index, gateway] of gateways.entries()) {
  t.test(`a client that writes everything before it reads gets its refusal every time (${index})`, async (t) => {
    const before = await drainedBytes(gateway)
    for (let turn = 0; turn < 10; turn++) {
      const client = await (turn % 2
        ? writeThenRead(gateway.port, head('Transfer-Encoding: chunked'), chunked)
        : writeThenRead(gateway.port, head(`Content-Length: ${body.length}`), [body]))
      const answer = await client.answer('POST')
      t.match(JSON.parse(answer?.body.toString() ?? '{}'), refused)
      t.equal(await client.closed(), 'end', 'no reset')
      client.destroy()
    }
    const drained = (await drainedBytes(gateway)) - before
    t.ok(drained > 10 * 56 * mebibyte && drained < 10 * 65 * mebibyte, `${drained} bytes were drained`)
  })
}

t.test('a client that never stops is cut off, and so is one that falls silent', async (t) => {
  const [gateway] = gateways as [TestGateway]
  const silent = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
  silent.on('error', () => undefined).resume()
  silent.write(head(`Content-Length: ${body.length}`))
  await once(silent, 'end')
  const endless = connect(gateway.port, '127.0.0.1')
  endless.on('error', () => undefined)
  endless.write(head('Content-Length: 99999999999'))
  const piece = content.subarray(0, mebibyte)
  let sent = 0
  for (; !endless.destroyed && sent < 3000; sent++) await new Promise((resolve) => endless.write(piece, resolve))
  t.ok(sent >= 1024 && sent < 3000, `it was cut off after ${sent} MiB`)
  await until(gateway, 'sluice_connections_open', 0)
  t.equal(silent.destroyed, false, 'it was not the client that closed')
  silent.destroy()
})

t.test('the backend has seen nothing of it all', (t) => {
  t.equal(backend.raw.length, 0)
  t.end()
})
