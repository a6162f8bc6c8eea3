import type { Readable } from 'node:stream'
import { type Violation, violation } from '../../problems/violation.ts'
import type { ContentStore, StartPaceWatch } from '../types.ts'
import type { BodyReader } from './body-reader.ts'

/**
 * Reads a body to its end or to the first violation, and pauses the client while the store cannot take more.
 * Resolves with null when the body is complete. After a violation the stream is left paused, not destroyed: the answer
 * decides what becomes of the connection.
 */
export function receiveBody(
  body: Readable,
  reader: BodyReader,
  store: Pick<ContentStore, 'failure' | 'settled'>,
  startWatch: StartPaceWatch,
  signal: AbortSignal,
): Promise<Violation | null> {
  return new Promise((resolve) => {
    let over = false
    const finish = (outcome: Violation | null): void => {
      if (over) return
      over = true
      watch.stop()
      signal.removeEventListener('abort', onAbort)
      body.off('data', onData).off('end', onEnd).off('close', onBroken).off('error', onBroken)
      if (outcome) body.pause()
      resolve(outcome)
    }
    const onData = (chunk: Buffer): void => {
      watch.progress(chunk.length)
      const stopped = reader.write(chunk) ?? store.failure
      if (stopped) return finish(stopped)
      const settled = store.settled(chunk.length)
      if (settled) pauseUntil(settled)
    }
    const pauseUntil = (settled: Promise<void>): void => {
      body.pause()
      watch.pause()
      void settled.then(() => {
        if (over) return
        if (store.failure) return finish(store.failure)
        watch.resume()
        body.resume()
      })
    }
    const onEnd = (): void => finish(reader.end())
    const onBroken = (): void => finish(violation('body.aborted', { offset: reader.bytes }))
    const onAbort = (): void => finish(abortReason(signal))
    const watch = startWatch(finish)
    if (signal.aborted) return finish(abortReason(signal))
    signal.addEventListener('abort', onAbort)
    // A late 'error' of an aborted message must find a listener, or it would end the process.
    body.on('error', ignore).on('data', onData).on('end', onEnd).on('close', onBroken).on('error', onBroken)
  })
}

function ignore(): void {}

/** The connection aborts with the violation that it saw; without one the client went away. */
export function abortReason(signal: AbortSignal): Violation {
  const reason: unknown = signal.reason
  return typeof reason === 'object' && reason !== null && 'failed' in reason
    ? (reason as Violation)
    : violation('body.aborted')
}
