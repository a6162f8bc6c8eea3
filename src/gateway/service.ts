import type { Server } from 'node:http'
import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import type { SharedLimits } from '../limits/limiter.ts'
import { announceConfiguration } from '../metrics/registry.ts'
import type { Readiness } from '../operations/readiness.ts'
import type { Address } from '../path/1-connection/listeners.ts'
import { createHttpServer } from '../path/1-connection/server.ts'
import { serveExchange } from '../path/lifecycle.ts'
import { serveMalformed } from '../path/malformed.ts'
import { serveUpgrade } from '../path/upgrade.ts'
import type { ChangeWay } from './change.ts'
import { Front } from './front.ts'
import { createGeneration, type Generation } from './generation.ts'
import { ConnectionGate } from './limit-connections.ts'
import { permitLimits } from './permit-limits.ts'
import type { ProcessResources } from './process-resources.ts'
import { proveScanners } from './prove-scanners.ts'
import { readiness } from './readiness.ts'
import { openResources } from './resources.ts'

/** A configuration that is open and proved beside the running one. One of the two is to be called, once. */
export interface Prepared {
  /** New requests get it; those in flight end under theirs. */
  readonly commit: () => void
  readonly discard: () => Promise<void>
}

export interface ServiceOptions {
  readonly ofProcess: ProcessResources
  /** Null in a process that is the whole gateway. */
  readonly sharedLimits: SharedLimits | null
  readonly log: Logger
}

/** Milliseconds for requests that were cut off to be recorded, before the audit file is closed. */
const lastRecords = 5000

/** Why a configuration is not prepared. */
const stopping = new Error('the gateway is stopping')

/** The listeners for clients, with all that serves them. */
export class Service {
  readonly #options: ServiceOptions
  readonly #gate: ConnectionGate
  readonly #front: Front
  readonly #stopping = new AbortController()
  /** Nothing is opened and proved any more. */
  readonly #leaving = new AbortController()
  /** The last is in force; the others have requests in flight. */
  readonly #generations: Generation[] = []
  /** The one before the trial that is in force: going back must not need what may be gone by then. */
  #forReturn: Generation | null = null
  #draining = false

  constructor(options: ServiceOptions) {
    this.#options = options
    const { metrics } = options.ofProcess
    this.#gate = new ConnectionGate(metrics, options.log)
    this.#front = new Front((headers) => this.#createServer(headers))
  }

  /** Rejects, with everything closed again, where something cannot be had. */
  async start(snapshot: Snapshot): Promise<void> {
    const generation = await this.#open(snapshot)
    // A connection may come as soon as the first listener is open.
    this.#bringIntoForce(generation, 'forGood')
    try {
      this.#front.use(await this.#front.open(snapshot.configuration), snapshot.configuration)
    } catch (error) {
      await this.#closeAll()
      throw error
    }
  }

  /** Rejects where something of it cannot be had; what is running goes on as if nothing had been asked. */
  async prepare(snapshot: Snapshot, way: ChangeWay): Promise<Prepared> {
    const generation = await this.#open(snapshot)
    const { opened } = generation
    try {
      if (way !== 'back') await proveScanners(this.current, generation, this.#leaving.signal)
      const listening = await this.#front.open(snapshot.configuration)
      const abandon = (): Promise<unknown> => Promise.all(listening.added.map((listener) => listener.abandon()))
      if (this.#draining) {
        await abandon()
        throw stopping
      }
      return {
        commit: () => {
          this.#bringIntoForce(generation, way)
          this.#front.use(listening, snapshot.configuration)
        },
        discard: async () => {
          await abandon()
          await opened.close()
        },
      }
    } catch (error) {
      await opened.close()
      throw error
    }
  }

  /** What was kept for the way back from a trial is closed. */
  settle(): void {
    if (this.#forReturn !== null) void this.#retire(this.#forReturn)
    this.#forReturn = null
  }

  get addresses(): readonly Address[] {
    return this.#front.addresses
  }

  /** Of the configuration that is in force. */
  get current(): Generation {
    const generation = this.#generations.at(-1)
    if (generation === undefined) throw new Error('the service was asked before it was started')
    return generation
  }

  ready(): Promise<Readiness> {
    return readiness(this.current.opened, this.#options.ofProcess.hold, this.#draining)
  }

  /** Requests in flight. */
  get remaining(): number {
    return this.#generations.reduce((sum, { inFlight }) => sum + inFlight.size, 0)
  }

  /** Brings the gauges up to date. */
  collect(): void {
    const { metrics, hold, permits, turns, quarantine } = this.#options.ofProcess
    const { inspection, scanners, limiter, backends } = this.current.opened
    metrics.holdMemory.set(hold.memory.used)
    metrics.holdSpool.set(hold.spool.used)
    metrics.inspectionQueue.set(inspection.waiting)
    metrics.drainRemaining.set(this.#draining ? this.remaining : 0)
    limiter.collect()
    permits.collect()
    metrics.turnsWaiting.set(turns.waiting)
    metrics.turnsBudget.set(turns.budget)
    scanners.collect()
    backends.collect()
    quarantine?.collect()
  }

  /** As `close` of the gateway; the resources of the process stay open. */
  async drain(): Promise<number> {
    this.#draining = true
    this.#leaving.abort(stopping)
    this.#options.ofProcess.metrics.draining.set(1)
    let ended = 0
    this.#stopping.signal.addEventListener('abort', () => (ended = this.remaining))
    await this.#front.drain(this.#stopping, this.current.snapshot.configuration.process.drain)
    await Promise.all(this.#generations.map(({ inFlight }) => inFlight.settled(lastRecords)))
    await this.#closeAll()
    return ended
  }

  /** Closes all listeners and connections at once. */
  async abandon(): Promise<void> {
    await this.#front.abandon()
    await this.#closeAll()
  }

  async #closeAll(): Promise<void> {
    await Promise.all(this.#generations.map(({ opened }) => opened.close()))
  }

  async #open(snapshot: Snapshot): Promise<Generation> {
    const { ofProcess, sharedLimits, log } = this.#options
    const opened = await openResources(snapshot, ofProcess, log, sharedLimits)
    return createGeneration(snapshot, opened, ofProcess, this.#stopping.signal, log)
  }

  #bringIntoForce(generation: Generation, way: ChangeWay): void {
    const { snapshot, opened, surroundings } = generation
    const { configuration } = snapshot
    const { metrics, hold, permits, turns } = this.#options.ofProcess
    const { admission } = configuration
    hold.resize({ ...configuration.hold, files: opened.openFiles.spool })
    permits.resize({ ...permitLimits(snapshot), isDown: opened.scanners.isDown })
    turns.resize(admission.eventLoopLag)
    this.#gate.resize({ ...admission.connections, total: opened.openFiles.connections }, surroundings.trusted)
    announceConfiguration(metrics, snapshot.hash)
    metrics.holdMemoryLimit.set(configuration.hold.memory)
    metrics.holdSpoolLimit.set(configuration.hold.spool.size)
    metrics.uploadSlotsLimit.set(admission.uploads.active)
    const before = this.#generations.at(-1)
    this.#generations.push(generation)
    this.settle()
    if (way === 'onTrial') this.#forReturn = before ?? null
    else if (before !== undefined) void this.#retire(before)
  }

  /** What only it used is closed when its last request has ended. */
  async #retire(generation: Generation): Promise<void> {
    await generation.inFlight.ended()
    // The stop closes what is left.
    if (this.#stopping.signal.aborted || this.#draining) return
    this.#generations.splice(this.#generations.indexOf(generation), 1)
    await generation.opened
      .close()
      .catch((err: unknown) => this.#options.log.error({ err }, 'what an earlier configuration used was not closed'))
  }

  #createServer(headers: number): Server {
    const server = createHttpServer(
      { headers },
      {
        exchange: (exchange) => {
          // While the listener closes, the client is told not to come back on this connection.
          if (!server.listening) exchange.response.shouldKeepAlive = false
          const { inFlight, surroundings } = this.current
          return inFlight.track(serveExchange(exchange, surroundings))
        },
        upgrade: (message, socket, head) => {
          const { inFlight, surroundings } = this.current
          return inFlight.track(serveUpgrade({ message, socket, head }, surroundings))
        },
        malformed: (connection, reason) => serveMalformed(connection, reason, this.current.surroundings),
      },
    )
    this.#gate.guard(server)
    return server
  }
}
