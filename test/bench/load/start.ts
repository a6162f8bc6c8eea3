import { once } from 'node:events'
import { join } from 'node:path'
import { type Owned, startModule } from '../processes/owned.ts'
import type { Order, Reply, ReportOf } from './order.ts'

export interface Generator extends Owned {
  /** Errors: anything but good answers, or the deadline. The generator is of no more use then. */
  run<O extends Order>(order: O): Promise<ReportOf[O['kind']]>
}

/** Nothing that is ordered takes this long, in milliseconds, unless a contender hangs. */
const deadline = 300_000

export function startGenerator(scratch: string): Generator {
  const owned = startModule(new URL('./generator.ts', import.meta.url), join(scratch, 'generator.log'))
  return {
    ...owned,
    async run<O extends Order>(order: O) {
      const reply = await ask(owned, order)
      if ('failed' in reply) throw new Error(reply.failed)
      return reply.report as ReportOf[O['kind']]
    },
  }
}

async function ask(owned: Owned, order: Order): Promise<Reply> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(deadline)])
  const answered = once(owned.child, 'message', { signal }).then(([reply]) => reply as Reply)
  const ended = once(owned.child, 'exit', { signal }).then(() => ({ failed: `the load generator ${owned.ended()}` }))
  try {
    owned.child.send(order)
    return await Promise.race([answered, ended])
  } finally {
    over.abort()
    await Promise.allSettled([answered, ended])
  }
}
