import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { collectFacts, type Examiners } from '../../src/path/5-inspection/collect-facts.ts'
import type { Inspection } from '../../src/path/5-inspection/isolation/inspection.ts'
import type { HeldFile, Inspected, Scan } from '../../src/path/types.ts'
import { type Violation, violation } from '../../src/problems/violation.ts'

const inspected: Inspected = {
  detected: { type: 'txt', description: 'text' },
  content: { observations: [], uncovered: [] },
  archive: null,
  members: [],
}
const clean: Scan = { result: 'clean', scanner: 'av', version: '1', depth: null, cached: false, duration: 1 }

function file(part: number, sha256: string | null = 'ab'): HeldFile {
  const bytes = Buffer.from('text')
  const content: HeldFile['content'] = {
    size: bytes.length,
    read: async () => bytes,
    views: () => [bytes],
    async *chunks() {
      yield bytes
    },
    slice: () => content,
  }
  const header = { part, offset: 0, name: 'f', filename: `${part}.txt`, contentType: null }
  return { kind: 'file', header: { ...header, asciiOnly: false, declaredLength: null }, content, size: 4, sha256 }
}

/** Settles as it is told; counts what still runs. */
class Slow {
  running = 0
  async until(signal: AbortSignal): Promise<never> {
    this.running += 1
    try {
      await sleep(60_000, undefined, { signal })
      throw new Error('nobody ended it')
    } catch {
      // Letting go of a file takes a moment.
      await sleep(20)
      throw signal.reason
    } finally {
      this.running -= 1
    }
  }
}

type Inspect = Inspection['inspect']
type AskAll = Examiners['scanners']['scan']

function collect(files: readonly HeldFile[], inspect: Inspect, scan: AskAll, signal = new AbortController().signal) {
  const rewrite = () => Promise.reject(new Error('nothing is rewritten'))
  const inspection = { inspect, rewrite, waiting: 0, close: async () => {} }
  const received = { channel: 'multipart', size: 9, complete: true, parts: files } as const
  const unpacking = { entries: 1, depth: 1, expanded: 1, ratio: 1 }
  return collectFacts(received, { inspection, scanners: { scan } }, { unpacking, scanners: ['av'] }, signal)
}

const inspects: Inspect = async () => inspected
const scans: AskAll = async () => [clean]

t.test('facts of each file, in the order of the parts', async (t) => {
  const found = await collect([file(1), file(2, null), file(3)], inspects, scans)
  t.match(found, {
    files: [
      { part: 1, name: '1.txt', inspected, scans: [clean] },
      { part: 2, inspected: null, scans: [] },
      { part: 3, inspected, scans: [clean] },
    ],
  })
})

t.test('what fails ends everything else, and nothing reads a file any more when it settles', async (t) => {
  const broken = new Error('the disk is broken')
  const gone: Violation = violation('body.aborted')
  const busy: Violation = violation('admission.inspection')
  const fails = () => Promise.reject(broken)
  const cases: readonly (readonly [string, (slow: Slow) => [Inspect, AskAll], unknown])[] = [
    ['scanners cannot read', (slow) => [(_c, _n, _l, signal) => slow.until(signal), fails], broken],
    ['inspection cannot read', (slow) => [fails, (_n, _f, signal) => slow.until(signal)], broken],
    ['no thread is free', (slow) => [async () => busy, (_n, _f, signal) => slow.until(signal)], busy],
    [
      'one file of several',
      (slow) => [
        (_c, name, _l, signal) => (name === '3.txt' ? Promise.reject(broken) : slow.until(signal)),
        (_n, _f, signal) => slow.until(signal),
      ],
      broken,
    ],
  ]
  for (const [name, make, expected] of cases) {
    const slow = new Slow()
    const ended = await collect([file(1), file(2), file(3)], ...make(slow)).catch((error: unknown) => error)
    t.equal(ended, expected, name)
    t.equal(slow.running, 0, `${name}: all have let go`)
  }
  const slow = new Slow()
  const leaving = new AbortController()
  const wait: [Inspect, AskAll] = [(_c, _n, _l, signal) => slow.until(signal), (_n, _f, signal) => slow.until(signal)]
  const collecting = collect([file(1), file(2)], ...wait, leaving.signal).catch((error: unknown) => error)
  await sleep(5)
  leaving.abort(gone)
  t.equal(await collecting, gone, 'the client has gone')
  t.equal(slow.running, 0)
})
