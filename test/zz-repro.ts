import { writeThenRead } from '/work/main/test/support/early-clients.ts'
import { startGateway } from '/work/main/test/support/gateway.ts'
import { startBackend } from '/work/main/test/support/legacy-backend.ts'
import { formBody } from '/work/main/test/support/multipart.ts'
import { gauge } from '/work/main/test/support/scrape.ts'
const backend = await startBackend()
for (const [limit, memory] of [['1MiB', '64MiB'], ['25MiB', '64MiB'], ['25MiB', '256MiB'], ['25MiB', '1MiB']]) {
  const gateway = await startGateway({ upstream: backend.url, policy: { files: { size: limit } }, hold: { memory } })
  const body = formBody('b', [{ name: 'a', content: 'x' }, { name: 'file', filename: 'a.bin', content: Buffer.alloc(64 << 20, 'sluice ') }])
  for (let i = 0; i < 3; i++) {
  const t = Date.now()
  const client = await writeThenRead(gateway.port, `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`, [body])
  const wrote = Date.now() - t
  const answer = await client.answer('POST')
  await client.closed()
  client.destroy()
  await new Promise(r => setTimeout(r, 100))
  console.log(limit, memory, answer?.status, wrote, Date.now() - t, await gauge(gateway, 'sluice_early_answer_drained_bytes_total'))
  }
  await gateway.close()
}
await backend.close()
