import { createServer } from 'node:http'
import { listen } from './listen.ts'
import type { Running } from './process.ts'

/** A backend that answers 200 and counts requests. */
export interface Recorder extends Running {
  readonly requests: number
}

export async function startRecorder(): Promise<Recorder> {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    request.resume().on('end', () => response.end('ok'))
  })
  const { url, close } = await listen(server)
  return {
    url,
    close,
    get requests() {
      return requests
    },
  }
}
