import { quantile } from '../report/statistics.ts'
import { now } from './clock.ts'
import { expectOk } from './expect.ts'
import type { Probe, ProbeReport } from './order.ts'
import { startPace, watchPunctuality } from './pace.ts'
import { getRequest } from './payloads.ts'
import { count, nameOf } from './transfer.ts'
import { openWire, type Wire } from './wire.ts'

/** Connections that are open beforehand, as browsers have them. */
const kept = 16

/**
 * Sends each GET when its time has come, whatever has become of the ones before: over a connection that is free, or else a
 * new one. Latencies count from the moment that was planned, so that a GET which had to wait for its turn shows it.
 * `deadline`: milliseconds that an answer may take, which also bounds how many connections are open.
 */
export async function probe({ port, rate, seconds }: Probe, deadline = 10_000): Promise<ProbeReport> {
  const free: Wire[] = await Promise.all(Array.from({ length: kept }, () => openWire(port)))
  const latencies: number[] = []
  const failed: Record<string, number> = {}
  const sent: Promise<void>[] = []
  const { late, report } = watchPunctuality()
  const pace = startPace(1000 / rate, rate * seconds, (planned) => {
    late(now() - planned)
    sent.push(
      get(port, free, AbortSignal.timeout(deadline)).then(
        () => void latencies.push(now() - planned),
        (error: unknown) => count(failed, nameOf(error)),
      ),
    )
  })
  try {
    await pace.over
    await Promise.all(sent)
  } finally {
    await pace.stop()
    for (const wire of free) wire.close()
  }
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(latencies, share)) as [number, number, number]
  return { sent: sent.length, p50, p99, max, failed, ...report() }
}

/** Errors: no answer with 200 in time. */
async function get(port: number, free: Wire[], signal: AbortSignal): Promise<void> {
  const used = free.shift()
  try {
    if (used?.isOpen()) return await ask(used, free, signal)
  } catch (error) {
    // A kept connection may be closed at the moment when it is used, and clients then try again (RFC 9112 9.3.1).
    if (signal.aborted || nameOf(error) !== 'closed') throw error
  }
  return ask(await openWire(port, signal), free, signal)
}

async function ask(wire: Wire, free: Wire[], signal: AbortSignal): Promise<void> {
  const leave = (): void => wire.close()
  signal.addEventListener('abort', leave)
  try {
    const [answer] = await Promise.all([wire.answer(), wire.write(getRequest)])
    expectOk(answer)
    free.push(wire)
  } catch (error) {
    wire.close()
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
