import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type ReceivedBody, receiveBody } from './receive-body.ts'

/** A request as the service behind the gateway got it. */
export interface Received extends ReceivedBody {
  readonly requestId: string | null
  readonly method: string
  readonly target: string
  /** Value of Sluice-Verdict; null where the gateway relayed without judging. */
  readonly verdict: string | null
}

/** A service that takes everything, and remembers what it got. */
export interface RecordingBackend {
  /** Without a slash at its end. */
  readonly url: string
  /** What came since it was last asked. */
  readonly take: () => readonly Received[]
  readonly close: () => Promise<void>
}

/** Listens on 127.0.0.1, on a port that is free. */
export async function startRecordingBackend(): Promise<RecordingBackend> {
  let received: Received[] = []
  const server = createServer((request, response) => {
    record(request, response, (one) => received.push(one)).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the backend of the rehearsal has no TCP address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    take() {
      const taken = received
      received = []
      return taken
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Recorded before it is answered: whoever has the answer finds the record. */
async function record(
  request: IncomingMessage,
  response: ServerResponse,
  keep: (received: Received) => void,
): Promise<void> {
  const { method = '', url = '', headers } = request
  const body = await receiveBody(request)
  keep({
    ...body,
    requestId: single(headers['x-request-id']),
    method,
    target: url,
    verdict: single(headers['sluice-verdict']),
  })
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 0 }).end()
}

function single(value: string | readonly string[] | undefined): string | null {
  return typeof value === 'string' ? value : null
}
