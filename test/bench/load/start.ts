import { once } from 'node:events'
import { join } from 'node:path'
import { type Owned, startModule } from '../processes/owned.ts'
import type { Order, Reply, ReportOf } from './order.ts'

export interface Generator extends Owned {
  /** Errors: anything but good answers, or the deadline. The generator is of no more use then. */
  run<O extends Order>(order: O): Promise<ReportOf[O['kind']]>
}

/** Nothing that is ordered takes this long, in milliseconds, unless a contender hangs. */
const deadline = 180_000

export function startGenerator(scratch: string): Generator {
  const owned = startModule(new URL('./generator.ts', import.meta.url), join(scratch, 'generator.log'))
  return {
    ...owned,
    async run<O extends Order>(order: O) {
      const signal = AbortSignal.timeout(deadline)
      const ended = once(owned.child, 'exit', { signal }).then(() => {
        throw new Error(`the load generator ${owned.ended()}`)
      })
      const answered = once(owned.child, 'message', { signal })
      owned.child.send(order)
      const [reply] = (await Promise.race([answered, ended])) as [Reply]
      if ('failed' in reply) throw new Error(reply.failed)
      return reply.report as ReportOf[O['kind']]
    },
  }
}
