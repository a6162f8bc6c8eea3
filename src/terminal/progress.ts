import { statusLine } from './status-line.ts'

/** Tells on the terminal how many of them are done; nothing at all in a pipe. */
export function startProgress(total: number): { advance(name: string): void; stop(): void } {
  const line = total > 1 ? statusLine() : null
  let done = 0
  return {
    advance(name) {
      done += 1
      line?.show(`${done} of ${total}: ${name.replace(/[^\x20-\x7e]/g, '?')}`)
    },
    stop: () => line?.clear(),
  }
}
