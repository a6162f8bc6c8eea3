import { orAbort } from '../../../../or-abort.ts'
import { sizeInWords } from '../../../../policy/words.ts'
import { createSlots } from '../../../../slots.ts'
import { unscanned } from '../faults.ts'
import type { Asking, ScanAnswer, ScannedFile, Scanner } from '../scanner.ts'
import { lookEvery, type ReloadEvents, type Stamps, watchFiles } from '../watched-files.ts'
import { createMemory, type FileMemory, readInto } from './file-bytes.ts'
import { type RuleFiles, readRules } from './rule-files.ts'
import { startThreads, type ThreadOptions, type Threads } from './threads.ts'

export interface YaraOptions extends ThreadOptions, ReloadEvents {
  /** Absolute paths of rules, with `*` for any characters of a name. */
  readonly files: readonly string[]
}

/** Version of the engine; the package lock has it pinned. */
const engine = 'YARA-X 1.20.0'

/** Rules in use. */
interface InUse {
  readonly rules: RuleFiles
  readonly threads: Threads
}

/**
 * YARA-X in WebAssembly, on threads of its own. It has no way of reading a file in pieces: the file is in memory as a
 * whole, once for all and once in the engine. Its own timeout does not end every search (a regular expression may take
 * hours), hence threads are ended when the asker gives up. Rejects, naming file and line, where rules cannot be used.
 * `every`: milliseconds from one look at the files to the next.
 */
export async function openYara(options: YaraOptions, every: number = lookEvery): Promise<Scanner> {
  const { files: patterns, largest, onRenewed, onFault } = options
  const slots = createSlots(options.threads, Number.POSITIVE_INFINITY)
  const memories: FileMemory[] = []
  const closing = new AbortController()
  let inUse: InUse | null = null
  const alive = new Set<Threads>()

  async function load(stamps: Stamps): Promise<void> {
    const rules = await readRules([...stamps.keys()], patterns)
    const threads = await startThreads(rules.sources, options)
    if (closing.signal.aborted) return threads.close()
    alive.add(threads)
    const before = inUse?.threads
    inUse = { rules, threads }
    void before?.retire().finally(() => alive.delete(before))
  }

  async function ask(file: ScannedFile, asking: Asking): Promise<ScanAnswer> {
    const memory = memories.pop() ?? createMemory(largest)
    try {
      const bytes = await orAbort(readInto(memory, file, asking), asking.signal)
      return await answerOf(current(inUse).threads, bytes, asking.signal)
    } finally {
      memories.push(memory)
    }
  }

  const watch = await watchFiles({ patterns, load, onRenewed, onFault, every })
  return {
    async scan(file, asking) {
      if (file.size > largest)
        return unscanned('sizeLimit', `rules are tried on files of up to ${sizeInWords(largest)}`)
      const signal = AbortSignal.any([asking.signal, closing.signal])
      await slots.take({ wait: null, signal })
      try {
        return await ask(file, { signal, taken: (bytes) => asking.taken(bytes) })
      } finally {
        slots.free()
      }
    },
    async version() {
      const { digest, changedAt } = current(inUse).rules
      return { version: `${engine}, rules ${digest}`, signaturesAt: changedAt }
    },
    async close() {
      watch.close()
      closing.abort(new Error('the scanner is closed'))
      await Promise.all([...alive].map((threads) => threads.close()))
    },
  }
}

function current(inUse: InUse | null): InUse {
  if (inUse === null) throw new Error('no rules are in use')
  return inUse
}

async function answerOf(threads: Threads, bytes: Uint8Array, signal: AbortSignal): Promise<ScanAnswer> {
  try {
    const reply = await threads.scan(bytes, signal)
    if ('failure' in reply) return unscanned('failed', 'the rules did not compile once more')
    return reply.match === null ? { result: 'clean' } : { result: 'infected', signature: reply.match }
  } catch {
    signal.throwIfAborted()
    return unscanned('failed', 'the thread that tried the rules ended')
  }
}
