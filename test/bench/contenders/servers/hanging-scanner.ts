/** A scanner over HTTP that finds its test files until it is told to hang; from then on it takes everything and answers nothing. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { deflateRawSync } from 'node:zlib'
import { eicar } from '../../../../src/path/5-inspection/scanners/probe/eicar.ts'

const packed = deflateRawSync(eicar)
let hangs = false

const server = createServer((request, response) => {
  if (hangs) return void request.resume()
  answer(request, response).catch((error: unknown) => {
    console.error(error)
    response.destroy()
  })
})
server.requestTimeout = 0
server.listen(Number(process.argv[2]), '127.0.0.1', 1024)

process.on('message', () => {
  hangs = true
  process.send?.('hangs')
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/small') return void response.end('ready')
  if (request.method === 'GET') return void response.writeHead(404).end()
  const content = await request.toArray().then((chunks) => Buffer.concat(chunks as Buffer[]))
  if (hangs) return
  const infected = content.includes(eicar) || content.includes(packed)
  const sha256 = createHash('sha256').update(content).digest('hex')
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(infected ? { verdict: 'infected', signature: 'Eicar' } : { verdict: 'clean', sha256 }))
}
