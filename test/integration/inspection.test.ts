import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { openInspection } from '../../src/path/5-inspection/isolation/inspection.ts'
import type { FileContent } from '../../src/path/types.ts'
import { unpackingMost } from '../../src/policy/ceilings.ts'
import { contentOf, png } from '../support/files.ts'

const hostile = new URL('../support/hostile-worker.ts', import.meta.url)
const never = new AbortController().signal
const limits = { threads: 1, timeout: 400, wait: 60_000, memory: 64 * 2 ** 20 }

function open(t: Test, options: Partial<typeof limits> = {}, worker?: URL) {
  const ended: string[] = []
  const inspection = openInspection({ ...limits, ...options }, (reason) => ended.push(reason), worker)
  t.teardown(() => inspection.close())
  const inspect = async (name: string, content: FileContent = contentOf(Buffer.from('x')), signal = never) => {
    const found = await inspection.inspect(content, name, unpackingMost, signal)
    if ('failed' in found) throw new Error(found.id)
    return found
  }
  return { inspection, inspect, ended }
}

t.test('a thread that misbehaves is replaced, and the file is unscanned', async (t) => {
  const { inspect, ended } = open(t, {}, hostile)
  const rows = [
    ['loop', 'timeout', 'timeout'],
    ['hang', 'timeout', 'timeout'],
    ['memory', 'memory', 'memory'],
    ['throw', 'damaged', 'crash'],
    ['exit', 'damaged', 'crash'],
  ] as const
  for (const [name, reason, told] of rows) {
    const options = name === 'memory' ? open(t, { timeout: 20_000 }, hostile) : { inspect, ended }
    const { detected, content } = await options.inspect(name)
    t.match(content.uncovered, [{ reason }], name)
    if (told !== 'crash') t.equal(detected.type, 'png', 'what was known before is kept')
    t.equal(options.ended.at(-1), told)
    t.match(await options.inspect('good'), { detected: { type: 'txt' } }, `after ${name} another thread works`)
  }
})

t.test('files that wait have their own time, and their clients may leave', async (t) => {
  const { inspection, inspect } = open(t, {}, hostile)
  const leaving = new AbortController()
  const first = inspect('loop')
  const second = inspect('good')
  const third = inspect('good', undefined, leaving.signal)
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(inspection.waiting, 2)
  leaving.abort(new Error('gone'))
  await t.rejects(third, { message: 'gone' })
  t.match((await first).content.uncovered, [{ reason: 'timeout' }])
  t.strictSame((await second).content.uncovered, [], 'the time of waiting is not the time of inspecting')
  await t.rejects(inspect('good', undefined, AbortSignal.abort(new Error('early'))), { message: 'early' })
  const running = new AbortController()
  const broken = inspect('hang', undefined, running.signal)
  setTimeout(() => running.abort(new Error('left')), 50)
  await t.rejects(broken, { message: 'left' })
})

t.test('who waits too long is told to come again; the file is not to blame', async (t) => {
  const { inspect, ended } = open(t, { wait: 3000, timeout: 60_000 }, hostile)
  await inspect('good')
  const leaving = new AbortController()
  const first = inspect('hang', undefined, leaving.signal)
  await t.rejects(inspect('good'), { message: 'admission.inspection' })
  t.strictSame(ended, [], 'no thread was ended for it')
  leaving.abort(new Error('gone'))
  await t.rejects(first, { message: 'gone' })
  t.match(await inspect('good'), { detected: { type: 'txt' } })
})

t.test('large content is read through the window; what cannot be read is a fault of the disk', async (t) => {
  const { inspect } = open(t, { timeout: 5000 }, hostile)
  const bytes = randomBytes(4 * 2 ** 20)
  const expected = Array.from({ length: 40 }, (_, index) =>
    bytes.subarray(index * 100_003, index * 100_003 + 97).toString('hex'),
  )
  t.strictSame(await inspect('read', contentOf(bytes)), expected)
  const failing: FileContent = {
    size: bytes.length,
    read: () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })),
  }
  await t.rejects(inspect('read', failing), { code: 'EIO' })
  t.strictSame(await inspect('read', contentOf(bytes)), expected, 'the thread is still there')
})

t.test('the real threads', async (t) => {
  const { inspection, inspect, ended } = open(t, { timeout: 20_000 })
  t.match(await inspect('a.png', contentOf(png())), { detected: { type: 'png' }, content: { uncovered: [] } })
  const large = Buffer.concat([png(), Buffer.alloc(2 ** 20)])
  t.equal((await inspect('large.png', contentOf(large))).detected.type, 'png')
  t.strictSame(ended, [])
  await inspection.close()
  await t.rejects(inspect('late', contentOf(png())), { message: 'inspection is closed' })
})
