import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import type { MetricsReport } from '../metrics/registry.ts'
import type { Address } from '../path/1-connection/listeners.ts'
import { watchHandOvers } from './handed-over.ts'
import type { Beginning, NumberedReport, PrimaryQuestions, WorkerQuestions } from './messages.ts'
import { type Handlers, openPeer, type Peer } from './peer.ts'

/** Those of the primary's questions that the worker's own state answers, and those that somebody else does. */
type OwnQuestions = 'hello' | 'ready' | 'cannotStart' | 'report' | 'stopped'
export type Services = { handlers: Handlers<Omit<PrimaryQuestions, OwnQuestions>>; end: () => void }

export interface Ending {
  readonly code: number | null
  readonly signal: string | null
  /** Milliseconds since its start. */
  readonly lived: number
}

/** One worker process, as the primary sees it. */
export interface Member {
  readonly pid: number
  readonly peer: Peer<WorkerQuestions>
  /** Where it listens; null until it does. */
  readonly addresses: readonly Address[] | null
  /** Why it cannot start, a sentence. */
  readonly refusal: string | null
  /** What it told last. */
  readonly report: MetricsReport | null
  /** Asks for what it knows now, for a scrape; rejects where no answer comes within so many milliseconds. */
  readonly renewReport: (deadline: number) => Promise<void>
  /** Requests that it had to end when it was told to stop. */
  readonly requestsEnded: number
  /** Ticks of a clock since it last gave a sign of life; whoever has the clock adds to it. */
  silence: number
  /** Resolves, once, when it listens or has ended. */
  readonly started: Promise<void>
  readonly ended: Promise<Ending>
  kill(): void
}

export interface MemberOptions {
  readonly beginning: Beginning
  readonly env: NodeJS.ProcessEnv
  readonly services: Services
  readonly isAnotherThere: () => boolean
  readonly onError: (error: Error) => void
}

export function startMember({ beginning, env, services, isAnotherThere, onError }: MemberOptions): Member {
  const begun = performance.now()
  const worker = cluster.fork(env)
  watchHandOvers(worker, isAnotherThere)
  // A connection that is handed to one that has just died is such an error; without a listener it would end the primary.
  worker.on('error', onError)
  const state = {
    addresses: null as readonly Address[] | null,
    refusal: null as string | null,
    report: null as MetricsReport | null,
    requestsEnded: 0,
    silence: 0,
  }
  let lastOrder = 0
  const learn = ({ order, report }: NumberedReport): void => {
    if (order < lastOrder) return
    lastOrder = order
    state.report = report
  }
  const started = Promise.withResolvers<void>()
  const peer = openPeer<WorkerQuestions, PrimaryQuestions>(worker.process, {
    ...services.handlers,
    hello: () => beginning,
    ready(addresses) {
      state.addresses = addresses
      started.resolve()
    },
    cannotStart(sentence) {
      state.refusal = sentence
    },
    report(numbered) {
      state.silence = 0
      learn(numbered)
    },
    stopped(requests) {
      state.requestsEnded = requests
    },
  })
  const ended = endingOf(worker, begun).finally(() => {
    services.end()
    started.resolve()
  })
  return Object.assign(state, {
    pid: worker.process.pid ?? 0,
    peer,
    renewReport: async (deadline: number) => learn(await peer.ask('metrics', null, { deadline })),
    started: started.promise,
    ended,
    kill: () => void worker.process.kill('SIGKILL'),
  })
}

/** `close` comes behind all that it had said. */
async function endingOf({ process: child }: Worker, begun: number): Promise<Ending> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, lived: performance.now() - begun }
}
