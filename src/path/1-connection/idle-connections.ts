import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { connectionOf } from './connection.ts'

/**
 * Replaces what the server closes as idle when it stops. Node takes an answer for over once all of it was handed in, and
 * cuts off what is still on its way to a slow client.
 */
export function closeOnlyIdle(server: Server): void {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.closeIdleConnections = () => {
    for (const socket of open) if (connectionOf(socket).idle) socket.destroy()
  }
}
