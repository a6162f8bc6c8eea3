/** Writes captured.json anew from the programs on this machine: node test/support/clients/capture.ts */
import { isUtf8 } from 'node:buffer'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { listen } from '../backends/listen.ts'
import { clientForms, type FormName } from './forms.ts'
import { liveClients, missingClient } from './live.ts'

const kept: readonly FormName[] = ['plain', 'unicode']
const received: { readonly contentType: string; readonly body: Buffer }[] = []
const recorder = createServer((request, response) => {
  buffer(request).then(
    (body) => {
      if (request.method === 'POST') received.push({ contentType: request.headers['content-type'] ?? '', body })
      response.end('ok')
    },
    () => response.destroy(),
  )
})
const { url, close } = await listen(recorder)

const captured: { client: string; form: string | undefined; contentType: string; body: string }[] = []
for (const client of liveClients) {
  const missing = missingClient(client)
  if (missing !== null) throw new Error(`${client.name}: ${missing}`)
  received.length = 0
  await client.send(
    `${url}/upload`,
    kept.map((form) => clientForms[form]),
  )
  for (const [i, { contentType, body }] of received.entries()) {
    if (isUtf8(body)) captured.push({ client: client.name, form: kept[i], contentType, body: body.toString() })
  }
}
await close()
writeFileSync(join(import.meta.dirname, 'captured.json'), `${JSON.stringify(captured, null, 2)}\n`)
