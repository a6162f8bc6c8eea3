import { once } from 'node:events'
import { join } from 'node:path'
import { type Owned, startModule } from '../processes/owned.ts'
import type { Load, Order, Reply, ReportOf } from './order.ts'

export interface Generator extends Owned {
  /** Errors: anything but good answers, or the deadline. The generator is of no more use then. */
  run<O extends Order>(order: O): Promise<ReportOf[O['kind']]>
  /** Runs `work` while a load stands, and ends the load. Errors: those of both, and of `run`. */
  beside<L extends Load, R>(load: L, work: () => Promise<R>): Promise<{ load: ReportOf[L['kind']]; work: R }>
}

/** Nothing that is ordered takes this long, in milliseconds, unless a contender hangs. */
const deadline = 300_000

export function startGenerator(scratch: string, name = 'generator'): Generator {
  const owned = startModule(new URL('./generator.ts', import.meta.url), join(scratch, `${name}.log`))
  async function run<O extends Order>(order: O, running: () => void = () => {}): Promise<ReportOf[O['kind']]> {
    const reply = await ask(owned, order, running)
    if ('failed' in reply) throw new Error(reply.failed)
    return (reply as { report: ReportOf[O['kind']] }).report
  }
  return {
    ...owned,
    run: (order) => run(order),
    async beside(load, work) {
      const { promise: running, resolve } = Promise.withResolvers<void>()
      const report = run(load, resolve)
      try {
        await Promise.race([running, report])
        const done = await Promise.race([work(), report.then(neverBefore)])
        owned.child.send({ kind: 'stop' })
        return { load: await report, work: done }
      } finally {
        if (owned.child.connected) owned.child.send({ kind: 'stop' })
        await report.catch(() => {})
      }
    },
  }
}

function neverBefore(): never {
  throw new Error('the load ended before it was told to')
}

type Answered = Exclude<Reply, { running: true }>

async function ask(owned: Owned, order: Order, running: () => void): Promise<Answered> {
  const { child } = owned
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(deadline)])
  const { promise: answered, resolve } = Promise.withResolvers<Answered>()
  const listen = (reply: Reply): void => ('running' in reply ? running() : resolve(reply))
  const ended = once(child, 'exit', { signal }).then(() => ({ failed: `the load generator ${owned.ended()}` }))
  try {
    child.on('message', listen).send(order)
    return await Promise.race([answered, ended])
  } finally {
    child.off('message', listen)
    over.abort()
    await ended.catch(() => {})
  }
}
