/** Writes captured.json anew from the programs on this machine: node test/support/clients/capture.ts */
import { isUtf8 } from 'node:buffer'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { clientForms, type FormName } from './forms.ts'
import { liveClients, missingClient } from './live.ts'

export interface Captured {
  readonly client: string
  readonly form: FormName
  readonly contentType: string
  readonly body: string
}

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
}).listen(0, '127.0.0.1')
await once(recorder, 'listening')
const url = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}/upload`

const captured: Captured[] = []
for (const client of liveClients) {
  const missing = missingClient(client)
  if (missing !== null) throw new Error(`${client.name}: ${missing}`)
  received.length = 0
  await client.send(
    url,
    kept.map((form) => clientForms[form]),
  )
  for (const [i, { contentType, body }] of received.entries()) {
    if (isUtf8(body))
      captured.push({ client: client.name, form: kept[i] as FormName, contentType, body: body.toString() })
  }
}
recorder.close()
recorder.closeAllConnections()
writeFileSync(join(import.meta.dirname, 'captured.json'), `${JSON.stringify(captured, null, 2)}\n`)
