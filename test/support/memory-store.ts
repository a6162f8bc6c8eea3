import { setTimeout as wait } from 'node:timers/promises'
import type { HeldContent } from '../../src/path/types.ts'
import type { Entry } from '../../src/quarantine/entry.ts'
import type { EntryState, QuarantineStore } from '../../src/quarantine/store.ts'

/** A quarantine in memory that keeps the contract of the others, for tests of what stands on it. */
export interface MemoryStore extends QuarantineStore {
  readonly states: Map<string, EntryState>
  /** Called with the name of each method; what it throws, the method rejects with. */
  before: (method: string, id: string) => void
}

export function memoryStore(): MemoryStore {
  const kept = new Map<string, { readonly entry: Entry; readonly bytes: Buffer }>()
  const states = new Map<string, EntryState>()
  const store: MemoryStore = {
    states,
    before: () => undefined,
    async keep(entry, contents, signal) {
      const chunks: Buffer[] = []
      for await (const chunk of contents()) {
        signal.throwIfAborted()
        chunks.push(Buffer.from(chunk))
      }
      await wait(1, undefined, { signal }).catch(() => signal.throwIfAborted())
      kept.set(entry.id, { entry: structuredClone(entry), bytes: Buffer.concat(chunks) })
      states.set(entry.id, 'held')
      return { kept: true }
    },
    async list() {
      const entries = [...kept].sort(([a], [b]) => (a < b ? -1 : 1))
      return { entries: entries.map(([id, { entry, bytes }]) => stored(id, entry, bytes)), unreadable: [], more: false }
    },
    async open(id) {
      await told('open', id)
      const found = kept.get(id)
      if (found === undefined) return null
      return { ...stored(id, found.entry, found.bytes), content: contentOf(found.bytes), close: async () => undefined }
    },
    async claim(id) {
      await told('claim', id)
      const state = states.get(id)
      if (state === undefined) return 'absent'
      states.set(id, 'releasing')
      return state === 'held' ? 'claimed' : 'releasing'
    },
    async unclaim(id) {
      await told('unclaim', id)
      if (states.has(id)) states.set(id, 'held')
    },
    async remove(id) {
      await told('remove', id)
      states.delete(id)
      return kept.delete(id)
    },
    sweep: async () => [],
    examine: async () => [],
    room: { reserve: async () => null, settle: () => undefined },
    get usage() {
      return { entries: kept.size, bytes: 0 }
    },
    close: async () => undefined,
  }
  const told = async (method: string, id: string): Promise<void> => {
    await wait(1)
    store.before(method, id)
  }
  const stored = (id: string, entry: Entry, bytes: Buffer) => ({
    entry,
    state: states.get(id) ?? 'held',
    bytes: bytes.length,
  })
  return store
}

/** Without views, as content that is read from elsewhere has none; in pieces of odd sizes. */
function contentOf(bytes: Buffer): HeldContent {
  return {
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
    views: () => null,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 7919) yield bytes.subarray(at, at + 7919)
    },
    slice: (start, end) => contentOf(bytes.subarray(start, end)),
  }
}
