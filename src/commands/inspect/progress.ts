import { basename } from 'node:path'

/** A line on the terminal that is overwritten; nothing at all in a pipe. */
export function startProgress(total: number): { advance(file: string): void; stop(): void } {
  const { stderr } = process
  const shows = stderr.isTTY && total > 1
  let done = 0
  return {
    advance(file) {
      done += 1
      if (!shows) return
      const name = basename(file).replace(/[^\x20-\x7e]/g, '?')
      stderr.write(`\r\x1b[K${`${done} of ${total}: ${name}`.slice(0, (stderr.columns ?? 80) - 1)}`)
    },
    stop() {
      if (shows) stderr.write('\r\x1b[K')
    },
  }
}
