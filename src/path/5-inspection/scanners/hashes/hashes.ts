import { createHash } from 'node:crypto'
import { eicar } from '../probe/eicar.ts'
import type { ScanAnswer, Scanner, ScannerVersion } from '../scanner.ts'
import { lookEvery, type ReloadEvents, type Stamps, watchFiles } from '../watched-files.ts'
import type { HashList } from './hash-list.ts'
import { loadList } from './load-list.ts'
import { includes, readDigest, wordsEach } from './prefixes.ts'

export interface HashesOptions extends ReloadEvents {
  /** Absolute paths of lists of SHA-256 digests; what is on one of `deny` is infected, whatever `allow` says. */
  readonly deny: readonly string[]
  readonly allow: readonly string[]
}

/** All lists together: 800 MB. */
const mostEntries = 50_000_000

/** Denied without being on a list, so that a probe can tell whether anything is looked up. */
const testFile = createHash('sha256').update(eicar).digest('hex')

/** A list, and the state of the file that it was read from. */
interface Loaded {
  readonly stamp: string
  readonly list: HashList
}

type Lists = ReadonlyMap<string, Loaded>

/**
 * Looks digests up in lists; nothing of a file is read. Rejects, naming file and line, where a list cannot be used.
 * `every`: milliseconds from one look at the files to the next.
 */
export async function openHashes(options: HashesOptions, every: number = lookEvery): Promise<Scanner> {
  const { deny, allow, onRenewed, onFault } = options
  const pattern = [...deny, ...allow].find((path) => path.includes('*'))
  // The files behind it would be read, and none of them would be the list of that name.
  if (pattern !== undefined) throw new Error(`${pattern}: lists are named one by one, without *`)
  const closing = new AbortController()
  let lists: Lists = new Map()
  const load = async (stamps: Stamps): Promise<void> => {
    lists = await loadLists(stamps, lists, closing.signal)
  }
  const watch = await watchFiles({ patterns: [...deny, ...allow], load, onRenewed, onFault, every })

  return {
    async scan({ size, sha256 }, asking) {
      asking.signal.throwIfAborted()
      const answer = answerFor(sha256, lists, options)
      asking.taken(size)
      return answer
    },
    version: async () => versionOf(lists, options),
    async close() {
      watch.close()
      closing.abort(new Error('the scanner is closed'))
    },
  }
}

async function loadLists(stamps: Stamps, before: Lists, signal: AbortSignal): Promise<Lists> {
  const lists = new Map<string, Loaded>()
  let room = mostEntries
  for (const [path, stamp] of stamps) {
    const known = before.get(path)
    const list = known?.stamp === stamp ? known.list : await loadList({ path, most: room }, signal)
    room -= list.prefixes.length / wordsEach
    lists.set(path, { stamp, list })
  }
  return lists
}

function answerFor(sha256: string, lists: Lists, { deny, allow }: HashesOptions): ScanAnswer {
  if (sha256 === testFile) return { result: 'infected', signature: 'Eicar-Test-File' }
  const wanted = new Uint32Array(wordsEach)
  if (!readDigest(Buffer.from(sha256, 'latin1'), 0, wanted, 0)) throw new Error('not a SHA-256')
  const isOn = (path: string): boolean => {
    const loaded = lists.get(path)
    return loaded !== undefined && includes(loaded.list.prefixes, wanted)
  }
  // Clients are told the signature, and the name of a list is none of their business.
  if (deny.some(isOn)) return { result: 'infected', signature: 'known malware' }
  return { result: allow.some(isOn) ? 'allowed' : 'clean' }
}

function versionOf(lists: Lists, { deny, allow }: HashesOptions): ScannerVersion {
  const digests = (paths: readonly string[]) => paths.map((path) => lists.get(path)?.list.digest)
  const text = JSON.stringify([digests(deny), digests(allow)])
  const times = [...lists.values()].map(({ list }) => list.changedAt)
  return {
    version: `lists ${createHash('sha256').update(text).digest('hex')}`,
    signaturesAt: times.length === 0 ? null : Math.max(...times),
  }
}
