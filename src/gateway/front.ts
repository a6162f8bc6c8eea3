import type { Server } from 'node:http'
import type { Configuration } from '../config/configuration.ts'
import { type Address, drain, Listener, openAll } from '../path/1-connection/listeners.ts'

type Settings = Pick<Configuration, 'listeners' | 'admission'>

/** Listeners that are open beside those in use, and can take their places. */
export interface Opened {
  /** In the order of the configuration; those that are in use already are among them. */
  readonly listeners: readonly Listener[]
  readonly added: readonly Listener[]
}

/** The listeners for clients. Where the next configuration wants the same address, its listener stays as it is. */
export class Front {
  readonly #createServer: (headers: number) => Server
  #listeners: readonly Listener[] = []
  /** Those that accept nothing any more, and still have connections. */
  readonly #leaving = new Set<Listener>()

  constructor(createServer: (headers: number) => Server) {
    this.#createServer = createServer
  }

  get addresses(): readonly Address[] {
    return this.#listeners.map(({ address }) => address)
  }

  /** Rejects, with what was opened closed again, where an address cannot be had. */
  async open({ listeners: wanted, admission }: Settings): Promise<Opened> {
    const unused = [...this.#listeners]
    const added: Listener[] = []
    const listeners = wanted.map(({ address }) => {
      const at = unused.findIndex((listener) => isSame(listener.wanted, address))
      const [known] = at === -1 ? [] : unused.splice(at, 1)
      if (known !== undefined) return known
      const fresh = new Listener(this.#createServer(admission.headers), address)
      added.push(fresh)
      return fresh
    })
    await openAll(added)
    return { listeners, added }
  }

  /** Those that are no longer wanted let their requests end. */
  use({ listeners }: Opened, { admission }: Settings): void {
    for (const listener of this.#listeners) if (!listeners.includes(listener)) this.#dismiss(listener)
    this.#listeners = listeners
    for (const { server } of listeners) server.headersTimeout = admission.headers
  }

  drain(stopping: AbortController, deadline: number): Promise<void> {
    return drain([...this.#listeners, ...this.#leaving], stopping, deadline)
  }

  async abandon(): Promise<void> {
    await Promise.all([...this.#listeners, ...this.#leaving].map((listener) => listener.abandon()))
  }

  #dismiss(listener: Listener): void {
    this.#leaving.add(listener)
    void listener.close().finally(() => this.#leaving.delete(listener))
  }
}

function isSame(one: Address, other: Address): boolean {
  return one.host === other.host && one.port === other.port
}
