/** The process that makes the load: carries out one order after the other. */
import type { Order, Reply } from './order.ts'
import { sendRequests } from './requests.ts'
import { sendUploads } from './uploads.ts'

process.on('message', (order: Order) => {
  const work = order.kind === 'uploads' ? sendUploads(order) : sendRequests(order)
  work.then(
    (report) => reply({ report }),
    (error: unknown) => reply({ failed: error instanceof Error ? error.message : String(error) }),
  )
})

function reply(message: Reply): void {
  process.send?.(message)
}
