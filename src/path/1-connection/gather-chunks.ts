import type { IncomingMessage } from 'node:http'

/** Chunks below this many bytes are joined. */
const small = 1024
const blockSize = 4 * 1024

/**
 * Joins the small chunks of a body that come together. Node makes a buffer of each HTTP chunk, which costs some hundred
 * bytes beside its content: a body in chunks of one byte would take as many times the memory that was reserved for it,
 * and as many times what Node's own limit allows while it waits to be read.
 */
export function gatherChunks(message: IncomingMessage): void {
  const push = message.push.bind(message)
  let block = Buffer.alloc(0)
  let start = 0
  let end = 0
  let more = true
  const flush = (): void => {
    if (start === end) return
    const joined = block.subarray(start, end)
    start = end
    more = push(joined)
  }
  const gather = (chunk: Buffer): void => {
    if (block.length - end < chunk.length) {
      flush()
      block = Buffer.allocUnsafeSlow(blockSize)
      start = end = 0
    }
    // Node runs ticks and microtasks between the chunks of one read, and immediates after it.
    if (start === end) setImmediate(flush)
    end += chunk.copy(block, end)
  }
  message.push = (chunk: Buffer | null): boolean => {
    if (chunk !== null && chunk.length < small) {
      gather(chunk)
      return more
    }
    flush()
    return push(chunk)
  }
}
