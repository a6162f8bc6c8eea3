import { connect, type Socket } from 'node:net'

/** Opens so many connections to a port of 127.0.0.1, from as many addresses of the loopback network as are needed. */
export async function openMany(
  port: number,
  count: number,
  onOpen: (socket: Socket, index: number) => void = ignore,
): Promise<Socket[]> {
  const sockets: Socket[] = []
  const batch = 250
  for (let begun = 0; begun < count; begun += batch) {
    const opening = Array.from({ length: Math.min(batch, count - begun) }, (_, offset) => open(port, begun + offset))
    for (const socket of await Promise.all(opening)) {
      onOpen(socket, sockets.length)
      sockets.push(socket)
    }
  }
  return sockets
}

/** So many connections share an address: more than a client may have would be turned away. */
const perAddress = 400

function open(port: number, index: number): Promise<Socket> {
  const localAddress = `127.0.1.${1 + Math.floor(index / perAddress)}`
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true })
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.off('error', reject).on('error', ignore)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

function ignore(): void {}
