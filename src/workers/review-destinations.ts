import type { Snapshot } from '../config/snapshot.ts'
import { InFlight } from '../path/1-connection/in-flight.ts'
import type { Destinations } from '../quarantine/review/review.ts'
import { destroyUpstreams, openUpstreams, type Upstreams } from '../upstream/upstreams.ts'

interface Opened {
  readonly snapshot: Snapshot
  readonly upstreams: Upstreams
  readonly releases: InFlight
}

/** Where the primary sends what is released from the quarantine: its workers have the upstreams of everything else. */
export class ReviewDestinations {
  #current: Opened
  readonly #open = new Set<Opened>()

  constructor(snapshot: Snapshot) {
    this.#current = this.#begin(snapshot)
  }

  /** For one release. */
  readonly take = (ended: Promise<void>): Destinations => {
    const { snapshot, upstreams, releases } = this.#current
    void releases.track(ended)
    return { upstreams, policies: snapshot.policies }
  }

  /** Releases that have begun end where they began. */
  use(snapshot: Snapshot): void {
    const before = this.#current
    this.#current = this.#begin(snapshot)
    void before.releases.ended().then(() => this.#end(before))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((opened) => this.#end(opened)))
  }

  #begin(snapshot: Snapshot): Opened {
    const opened = { snapshot, upstreams: openUpstreams(snapshot.upstreams), releases: new InFlight() }
    this.#open.add(opened)
    return opened
  }

  async #end(opened: Opened): Promise<void> {
    if (this.#open.delete(opened)) await destroyUpstreams(opened.upstreams)
  }
}
