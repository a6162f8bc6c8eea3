import { freePort } from '../../support/free-port.ts'
import { raisePriority } from '../processes/priority.ts'
import { type Contender, launch, node } from './launch.ts'

/** Ports of the two backends: one process for uploads and one for GETs, so that no GET waits for the backend's uploads. */
export interface Backends {
  readonly uploads: number
  readonly gets: number
}

export interface Sinks {
  readonly backends: Backends
  /** The process that takes the uploads. */
  readonly uploadsPid: number
  /** Whether they, and so the probe of GETs, may go before all others. */
  readonly preferred: boolean
  stop(): Promise<void>
}

/** Above the contender, which shall not wait for its backend, and below the probe. */
const sinkPriority = -5

export async function startSinks(scratch: string): Promise<Sinks> {
  const sinks: Contender[] = []
  let preferred = true
  const stop = async (): Promise<void> => void (await Promise.all(sinks.map((sink) => sink.stop())))
  try {
    for (const name of ['sink-uploads', 'sink-gets'] as const) {
      const port = await freePort()
      const sink = await launch(name, port, scratch, node('./servers/sink.ts', port))
      sinks.push(sink)
      preferred = raisePriority(sink.pid, sinkPriority) && preferred
    }
  } catch (error) {
    await stop()
    throw error
  }
  const [uploads, gets] = sinks as [Contender, Contender]
  return { backends: { uploads: uploads.port, gets: gets.port }, uploadsPid: uploads.pid, preferred, stop }
}
