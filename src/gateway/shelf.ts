import { settingsText } from '../config/same-settings.ts'

interface Kept {
  readonly opened: Promise<Closable>
  users: number
}

interface Closable {
  readonly close: () => Promise<void>
}

/**
 * What configurations that follow each other have in common: it is opened by the first, and closed when none of them is
 * in use any more. Connections, threads and what was learnt of others outlive changes that do not concern them.
 */
export class Shelf {
  readonly #kept = new Map<string, Kept>()

  /**
   * `settings`: all that `open` depends on; what has the same kind and settings is the same. `user` gives it back when it is
   * disposed of, and whoever is the last closes it. Rejects as `open` does.
   */
  async take<Resource extends Closable>(
    user: AsyncDisposableStack,
    kind: string,
    settings: unknown,
    open: () => Promise<Resource> | Resource,
  ): Promise<Resource> {
    const key = `${kind} ${settingsText(settings)}`
    const kept = this.#kept.get(key) ?? { opened: Promise.resolve().then(open), users: 0 }
    this.#kept.set(key, kept)
    kept.users++
    user.defer(() => this.#leave(key, kept))
    // By its kind, it is what `open` makes.
    return (await kept.opened) as Resource
  }

  async #leave(key: string, kept: Kept): Promise<void> {
    if (--kept.users > 0) return
    this.#kept.delete(key)
    const opened = await kept.opened.catch(() => null)
    await opened?.close()
  }
}
