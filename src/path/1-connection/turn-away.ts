import type { Connection } from './connection.ts'
import { type Answer, detachParser, serialise } from './early-answer.ts'

/** Milliseconds that a client has to take its answer. */
const longest = 2000
/** So many are told at a time; the others of a flood are cut off. */
const mostTold = 256

let told = 0

/** Answers a connection before any request of it is read, and closes it. */
export function turnAway(connection: Connection, answer: Answer): void {
  const { socket } = connection
  connection.closed = true
  if (told >= mostTold) {
    socket.resetAndDestroy()
    return
  }
  told++
  detachParser(socket)
  const cut = setTimeout(() => socket.destroy(), longest)
  socket.once('close', () => {
    told--
    clearTimeout(cut)
  })
  // What is sent is read and thrown away: unread bytes would turn the close into a reset, and the answer would be lost.
  socket.on('data', ignore).once('end', () => socket.destroySoon())
  socket.end(serialise(answer))
  socket.resume()
}

function ignore(): void {}
