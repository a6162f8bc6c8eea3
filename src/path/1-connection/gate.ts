import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Lets `admits` decide on each connection before HTTP has anything to do with it. What it turns away is its own to
 * answer and to close: no parser is made for it and none of its bytes are read as a request.
 */
export function gateConnections(server: Server, admits: (socket: Socket) => boolean): void {
  const inner = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (!admits(socket)) return
    for (const listener of inner) Reflect.apply(listener, server, [socket])
  })
}
