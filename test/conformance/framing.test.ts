import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { startGateway } from '../support/gateway.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient, type RawAnswer } from '../support/raw-client.ts'
import { framingCases } from './framing-cases.ts'
import { hostileBytes, render } from './framing-bytes.ts'

const backend = await startBackend((request) =>
  /\r\nupgrade: websocket/i.test(`\r\n${request.fields.map((field) => field.join(': ')).join('\r\n')}`)
    ? 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
    : plainAnswer('ok'),
)
const gateway = await startGateway({ upstream: backend.url })
t.teardown(async () => {
  await gateway.close()
  await backend.close()
})
async function exchange(bytes: Buffer) {
  const client = await openClient(gateway.port)
  client.write(bytes)
  const answer = await Promise.race([client.answer(bytes.toString('latin1').split(' ', 1)[0]), delay(3000, 'hang' as const)])
  const rest = await Promise.race([client.closed(), delay(300, 'open' as const)])
  client.destroy()
  return { answer, rest, extra: client.received.length }
}
for (const one of framingCases) {
  const before = backend.raw.reduce((n, b) => n + b.length, 0)
  const { answer, rest, extra } = await exchange(render(one))
  const after = backend.raw.reduce((n, b) => n + b.length, 0)
  const id = answer && answer !== 'hang' && answer.status >= 400 ? (() => { try { return JSON.parse(answer.body.toString()).problems[0].id } catch { return answer.body.toString().slice(0,80) } })() : null
  const s = answer === 'hang' ? 'hang' : answer?.status
  if (id !== one.expected || rest !== 'end' || extra || (one.expected && after !== before)) console.log(one.name, '|', one.expected, '->', s, id, rest, extra, after - before)
}
for (const [name, bytes] of hostileBytes) {
  const before = backend.raw.reduce((n, b) => n + b.length, 0)
  const { answer, rest, extra } = await exchange(Buffer.from(bytes, 'latin1'))
  const after = backend.raw.reduce((n, b) => n + b.length, 0)
  const s = answer === 'hang' ? 'hang' : answer?.status
  console.log(name, '->', s, answer && answer !== 'hang' ? answer.body.toString().slice(0,300).match(/"id":"([^"]*)/)?.[1] : '', rest, extra, after - before)
}
t.pass('x')
