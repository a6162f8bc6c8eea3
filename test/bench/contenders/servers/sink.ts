/**
 * The backend behind every contender: counts the bytes of a body, keeps none, and answers with the count.
 * Raw sockets and Content-Length only, so that it takes as little as it can of the machine that is being measured.
 */
import { createServer, type Socket } from 'node:net'

const lengthField = /\r\ncontent-length: *(\d+)/i
const small = answer('200 OK', `${'A small answer. '.repeat(6)}\n`)

createServer({ noDelay: true }, (socket) => serve(socket)).listen(Number(process.argv[2]), '127.0.0.1', 1024)

function serve(socket: Socket): void {
  let head = ''
  let expected = 0
  let missing = 0
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    let at = 0
    while (at < chunk.length) {
      if (missing > 0) {
        const taken = Math.min(missing, chunk.length - at)
        missing -= taken
        at += taken
      } else {
        const before = head.length
        head += chunk.toString('latin1', at)
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        at += end + 4 - before
        expected = missing = lengthOf(head.slice(0, end), socket)
        head = ''
      }
      if (missing === 0) socket.write(expected > 0 ? answer('200 OK', `{"received":${expected}}`) : small)
    }
  })
}

function lengthOf(head: string, socket: Socket): number {
  if (/\r\ntransfer-encoding:/i.test(head))
    socket.end(answer('411 Length Required', 'the sink reads Content-Length only'))
  return Number(lengthField.exec(head)?.[1] ?? 0)
}

function answer(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
