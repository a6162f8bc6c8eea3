import type { Found } from './medium.ts'

/** Entries and bytes of a store: as of the last look at it, with what this process did since. */
export interface Account {
  readonly entries: number
  readonly bytes: number
  /** Counts an entry of so many bytes that is to come, where it fits. */
  reserve(bytes: number): boolean
  unreserve(bytes: number): void
  add(id: string, bytes: number): void
  remove(id: string): void
  /** Puts what `look` finds in the place of what was known, and keeps what happens meanwhile. Looks are taken in turn. */
  renew(look: () => Promise<readonly Found[]>): Promise<readonly Found[]>
}

/** Each is remembered, and looked at from time to time: a flood of small ones must not take the memory or the disk's inodes. */
const mostEntries = 100_000

/** `limit`: bytes. */
export function openAccount(limit: number, most = mostEntries): Account {
  let known = new Map<string, number>()
  let bytes = 0
  let reserved = 0
  let coming = 0
  /** What was added (bytes) or removed (null) while somebody looks. */
  const meanwhile = new Map<string, number | null>()
  let looking: Promise<unknown> = Promise.resolve()
  const set = (id: string, size: number | null): void => {
    bytes += (size ?? 0) - (known.get(id) ?? 0)
    if (size === null) known.delete(id)
    else known.set(id, size)
  }
  const change = (id: string, size: number | null): void => {
    set(id, size)
    meanwhile.set(id, size)
  }
  return {
    get entries() {
      return known.size
    },
    get bytes() {
      return bytes
    },
    reserve(size) {
      if (bytes + reserved + size > limit || known.size + coming >= most) return false
      reserved += size
      coming += 1
      return true
    },
    unreserve(size) {
      reserved -= size
      coming -= 1
    },
    add: change,
    remove: (id) => change(id, null),
    renew(look) {
      const found = looking.then(async () => {
        meanwhile.clear()
        const found = await look()
        known = new Map(found.map((entry) => [entry.id, entry.bytes]))
        bytes = found.reduce((sum, entry) => sum + entry.bytes, 0)
        for (const [id, size] of meanwhile) set(id, size)
        return found
      })
      looking = found.catch(() => {})
      return found
    },
  }
}
