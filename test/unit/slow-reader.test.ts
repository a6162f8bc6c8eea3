import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { relayResponse } from '../../src/upstream/relay-response.ts'

const piece = Buffer.alloc(1024 * 1024, 'x')
const flow = { pause() {}, resume() {} }

/** A client that has asked and takes nothing, and the answer that is to go to it. */
async function slowReader(t: Test): Promise<{ readonly client: Socket; readonly response: ServerResponse }> {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  return { client, response }
}

t.test('a client that takes nothing of an answer for two minutes is reset', async (t) => {
  const { client, response } = await slowReader(t)
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const relay = relayResponse(response)
  const closed = once(response, 'close')
  relay.head(200, 'OK', [Buffer.from('Content-Length'), Buffer.from(String(64 * piece.length))], flow)
  for (let count = 0; count < 32; count++) relay.data(piece)
  mock.timers.tick(119_999)
  t.notOk(response.destroyed, 'as long as it may stall')
  mock.timers.tick(1)
  await closed
  client.resume()
  const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException]
  t.equal(error.code, 'ECONNRESET', 'no orderly end, behind which the kernel would keep what is not taken')
})
