/** The process that makes the load: carries out one order after the other. */
import { flood } from './flood.ts'
import type { Message, Order, Reply, ReportOf } from './order.ts'
import { probe } from './probe.ts'
import { sendRequests } from './requests.ts'
import { slow } from './slow.ts'
import { steady } from './steady.ts'
import { sendUploads } from './uploads.ts'

let stop = new AbortController()

process.on('message', (message: Message) => {
  if (message.kind === 'stop') return stop.abort()
  stop = new AbortController()
  carryOut(message, stop.signal, () => reply({ running: true })).then(
    (report) => reply({ report }),
    (error: unknown) => reply({ failed: error instanceof Error ? error.message : String(error) }),
  )
})

function carryOut(order: Order, stopped: AbortSignal, running: () => void): Promise<ReportOf[keyof ReportOf]> {
  switch (order.kind) {
    case 'uploads':
      return sendUploads(order)
    case 'requests':
      return sendRequests(order)
    case 'probe':
      return probe(order)
    case 'flood':
      return flood(order, stopped, running)
    case 'slow':
      return slow(order, stopped, running)
    case 'steady':
      return steady(order, stopped, running)
  }
}

function reply(message: Reply): void {
  process.send?.(message)
}
