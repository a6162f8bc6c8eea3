/**
 * A service as orchestrators run them: on SIGTERM its health check answers 503 while it goes on serving, until it was
 * asked for its health five times; then it listens no more, answers what it has, and exits. What comes afterwards on a
 * connection that was open is reset, as the end of a process does.
 *
 * It acts on an upload by making a file with its id in the folder, once for each Idempotency-Key where there is one.
 * Arguments: port, folder, milliseconds from acting to answering.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const [port = '0', folder = '.', pause = '0'] = process.argv.slice(2)
const checksWhileLeaving = 5
let leaving = false
let checks = 0
let active = 0

const server = createServer((request, response) => {
  if (request.url === '/healthz') return answerHealth(response)
  if (!server.listening) return request.socket.resetAndDestroy()
  active += 1
  response.once('close', () => {
    active -= 1
    exitWhenDone()
  })
  void receive(request, response)
})

function answerHealth(response: ServerResponse): void {
  response.writeHead(leaving ? 503 : 200, { connection: 'close' }).end()
  if (leaving && ++checks === checksWhileLeaving) {
    server.close()
    exitWhenDone()
  }
}

function exitWhenDone(): void {
  if (leaving && !server.listening && active === 0) setImmediate(() => process.exit(0))
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await request.toArray()
  } catch {
    return
  }
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
  act(searchParams.get('id') ?? '', request.headers['idempotency-key'])
  await delay(Number(pause))
  response.end('taken')
}

/** One step of the file system, so that the end of the process finds it done or not begun. */
function act(id: string, key: string | string[] | undefined): void {
  const which = typeof key === 'string' ? Buffer.from(key).toString('hex') : randomUUID()
  const file = join(folder, `${id}+${which}`)
  if (!existsSync(file)) writeFileSync(file, '', { flag: 'wx' })
}

process.on('SIGTERM', () => {
  leaving = true
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'))
