import { quantile } from '../report/statistics.ts'
import { now } from './clock.ts'
import type { Steady, SteadyReport } from './order.ts'
import { startPace, watchPunctuality } from './pace.ts'
import { pngOf, uploadForm } from './payloads.ts'
import { count, nameOf } from './transfer.ts'
import { openWire } from './wire.ts'

const size = 16 * 1024
/** Milliseconds for an answer; with the pace, it bounds how many uploads are under way. */
const deadline = 30_000
const minutes = 5

/** An upload whenever its time has come, until `stop`; then waits for the answers to those that are under way. */
export async function steady({ port, rate }: Steady, stop: AbortSignal, running: () => void): Promise<SteadyReport> {
  const { opening, closing } = uploadForm('/scanned', { name: 'damage.png', type: 'image/png', size })
  const request = Buffer.concat([opening, pngOf(size), closing])
  const answers: Record<string, number> = {}
  const waits: number[] = []
  const sent: Promise<void>[] = []
  const { late, report } = watchPunctuality()
  const pace = startPace(1000 / rate, rate * 60 * minutes, (planned) => {
    late(now() - planned)
    sent.push(
      send(port, request).then((how) => {
        waits.push(now() - planned)
        count(answers, how)
      }),
    )
  })
  running()
  const stopped = new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
  if (!stop.aborted) await Promise.race([pace.over, stopped])
  await pace.stop()
  const punctuality = report()
  await Promise.all(sent)
  return { sent: sent.length, answers, wait: quantile(waits, 0.5), ...punctuality }
}

async function send(port: number, request: Buffer): Promise<string> {
  const signal = AbortSignal.timeout(deadline)
  const wire = await openWire(port, signal).catch((error: unknown) => nameOf(error))
  if (typeof wire === 'string') return wire
  const leave = (): void => wire.close()
  signal.addEventListener('abort', leave)
  try {
    const [answer] = await Promise.all([wire.answer(), wire.write(request)])
    return `status ${answer.status}`
  } catch (error) {
    return nameOf(signal.aborted ? signal.reason : error)
  } finally {
    wire.close()
    signal.removeEventListener('abort', leave)
  }
}
