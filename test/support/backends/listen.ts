import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Running } from './process.ts'

/** Puts a server on a free port of 127.0.0.1; closing cuts its connections. */
export async function listen(server: Server): Promise<Running> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  const close = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${address.port}`, close }
}
