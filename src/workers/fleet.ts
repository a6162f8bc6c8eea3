import cluster from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Material } from '../config/load.ts'
import type { ChangeWay } from '../gateway/change.ts'
import type { Address } from '../path/1-connection/listeners.ts'
import { type Ending, type Member, type Services, startMember } from './member.ts'
import { type Told, withDeparted } from './merge.ts'
import type { WorkerQuestions } from './messages.ts'
import { createReplacement, type Replacement } from './replacement.ts'

/** Milliseconds between two looks at who is alive. */
const heartbeat = 1000
/** Looks; a worker that is merely busy answers between two of its pieces of work, which take milliseconds. */
const longestSilence = 30

/** Milliseconds that workers have on top of process.drain to close everything. */
const closing = 20_000

export interface FleetOptions {
  readonly workers: number
  readonly material: Material
  readonly env: NodeJS.ProcessEnv
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  /** What the primary does for one worker. */
  readonly services: () => Services
  /** A worker was started in the place of one that had ended. */
  readonly onReplaced: () => void
  /** Looks, one each second, without a sign of life after which a worker is ended; 30 where absent. */
  readonly longestSilence?: number
}

/** A place among the workers, whoever has it at the moment. */
interface Place {
  readonly number: number
  readonly replacement: Replacement
  member: Member | null
  departed: Told['departed']
}

/** The workers: as many as there should be, each replaced when it ends. */
export class Fleet {
  readonly places: readonly Place[]
  readonly #options: FleetOptions
  readonly #stopping = new AbortController()
  readonly #watch: NodeJS.Timeout
  readonly #lives = new Set<Promise<void>>()
  /** Of workers that began with a configuration from before a change. */
  readonly #catchingUp = new Set<Promise<void>>()
  #material: Material
  #requestsEnded = 0
  #isUp = false

  constructor(options: FleetOptions) {
    this.#options = options
    this.#material = options.material
    this.places = Array.from({ length: options.workers }, (_, index) => ({
      number: index + 1,
      replacement: createReplacement(),
      member: null,
      departed: [],
    }))
    cluster.setupPrimary({
      exec: fileURLToPath(new URL('../bin.mjs', import.meta.url)),
      args: process.argv.slice(2),
      // Bytes stay bytes, instead of becoming lists of numbers.
      serialization: 'advanced',
    })
    this.#watch = setInterval(() => this.#endSilent(), heartbeat).unref()
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  get members(): readonly Member[] {
    return this.places.flatMap(({ member }) => (member === null ? [] : [member]))
  }

  /** Where they listen. */
  get addresses(): readonly Address[] {
    return this.members.find(({ addresses }) => addresses !== null)?.addresses ?? []
  }

  /** Resolves when all listen; rejects, with all ended again, where one cannot start. */
  async start(): Promise<void> {
    for (const place of this.places) this.#occupy(place)
    const members = this.members
    await Promise.all(
      members.map(async (member) => {
        await member.started
        if (member.addresses === null) throw new Error(await whyNotStarted(member))
      }),
    ).catch(async (error: unknown) => {
      await this.abandon()
      throw error
    })
    this.#isUp = true
  }

  /**
   * Another configuration for all of them, or for none: each opens and proves it before it comes into force anywhere.
   * Rejects, with nothing changed, with the sentence of the first that cannot have it.
   */
  async change(material: Material, way: ChangeWay): Promise<void> {
    // A worker prepares one at a time.
    await Promise.all(this.#catchingUp)
    const asked = this.members.filter(({ addresses }) => addresses !== null)
    const answers = await Promise.all(asked.map((member) => askToPrepare(member, { material, way })))
    const why = this.isStopping ? 'the gateway is stopping' : answers.find((answer) => answer !== null)
    if (why !== undefined) {
      for (const { peer } of asked) peer.tell('discardChange', null)
      throw new Error(why)
    }
    this.#material = material
    for (const { peer } of asked) peer.tell('commitChange', null)
    // Those that have begun in the meantime began with the one before.
    for (const member of this.members) if (!asked.includes(member)) this.#catchUp(member, material)
  }

  /** A trial is over for good. */
  settle(): void {
    for (const { peer } of this.members) peer.tell('settleChange', null)
  }

  /** Lets requests in flight end for so many milliseconds. Resolves when no worker is left, to the requests that were ended. */
  async stop(drain: number): Promise<number> {
    this.#stopping.abort()
    for (const member of this.members) {
      if (member.addresses === null) member.kill()
      else member.peer.tell('drain', null)
    }
    const late = setTimeout(() => this.#killAll(), drain + closing)
    await Promise.all(this.#lives)
    clearTimeout(late)
    clearInterval(this.#watch)
    return this.#requestsEnded
  }

  /** Requests in flight in all of them; of one that does not answer, none. */
  async remaining(): Promise<number> {
    const counts = this.members.map(({ peer }) => peer.ask('remaining', null, { deadline: heartbeat }).catch(() => 0))
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  /** Ends all at once. */
  async abandon(): Promise<void> {
    this.#stopping.abort()
    this.#killAll()
    await Promise.all(this.#lives)
    clearInterval(this.#watch)
  }

  #catchUp(member: Member, material: Material): void {
    const caughtUp = catchUp(member, material).finally(() => this.#catchingUp.delete(caughtUp))
    this.#catchingUp.add(caughtUp)
  }

  #killAll(): void {
    for (const member of this.members) member.kill()
  }

  #occupy(place: Place): void {
    const { env, services, workers, log } = this.#options
    const { number } = place
    const member = startMember({
      beginning: { material: this.#material, worker: number, workers },
      env,
      services: services(),
      isAnotherThere: () =>
        !this.isStopping && this.members.some((other) => other !== member && other.addresses !== null),
      onError: (err) => log.debug({ err, worker: number }, 'a message to a worker was lost'),
    })
    place.member = member
    const life = this.#live(place, member).finally(() => this.#lives.delete(life))
    this.#lives.add(life)
  }

  async #live(place: Place, member: Member): Promise<void> {
    const ending = await member.ended
    this.#requestsEnded += member.requestsEnded
    // What it had counted goes from one to the other in one step: a scrape in between must see neither none nor both.
    const departed = member.report === null ? place.departed : await withDeparted(place.departed, member.report)
    place.departed = departed
    place.member = null
    if (this.isStopping) this.#tellUnlessOrderly(place, ending)
    else if (this.#isUp || member.addresses !== null) await this.#replace(place, member, ending)
  }

  async #replace(place: Place, { refusal, pid }: Member, ending: Ending): Promise<void> {
    const pause = place.replacement.next(ending.lived)
    const { log, onReplaced } = this.#options
    const fields = { worker: place.number, workerPid: pid, ...ending, lived: Math.round(ending.lived), pause }
    if (refusal === null) log.error(fields, 'a worker ended and is replaced; its connections are lost')
    else log.error({ ...fields, reason: refusal }, 'a worker cannot start; it is tried again')
    await delay(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
    if (this.isStopping) return
    onReplaced()
    this.#occupy(place)
  }

  #tellUnlessOrderly({ number }: Place, { code, signal }: Ending): void {
    if (this.#isUp && code !== 0)
      this.#options.log.error({ worker: number, code, signal }, 'a worker did not stop in order')
  }

  /** Looks are counted and not the time: whoever suspends the whole gateway must not come back to an empty house. */
  #endSilent(): void {
    const longest = this.#options.longestSilence ?? longestSilence
    for (const { number, member } of this.places) {
      if (member === null || ++member.silence !== longest) continue
      const seconds = (longest * heartbeat) / 1000
      this.#options.log.error(
        { worker: number, workerPid: member.pid, seconds },
        'a worker gives no sign of life and is ended',
      )
      member.kill()
    }
  }
}

/** Milliseconds for a worker to open and prove a configuration; scanners may take a minute. */
const longestPreparation = 90_000

/** Why it cannot have it, or null. */
function askToPrepare({ peer, pid }: Member, change: WorkerQuestions['prepareChange'][0]): Promise<string | null> {
  const asked = peer.ask('prepareChange', change, { deadline: longestPreparation })
  return asked.catch((error: Error) => `worker process ${pid} could not prepare it: ${error.message}`)
}

/** One that cannot have what the others have ends, and another begins with it. */
async function catchUp(member: Member, material: Material): Promise<void> {
  await member.started
  if (member.addresses === null) return
  if ((await askToPrepare(member, { material, way: 'back' })) === null) member.peer.tell('commitChange', null)
  else member.kill()
}

async function whyNotStarted({ refusal, ended }: Member): Promise<string> {
  const { code, signal } = await ended
  return refusal ?? `a worker ended at its start (${signal ?? `exit code ${code}`})`
}
