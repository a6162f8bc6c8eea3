import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startSinks } from '../bench/contenders/backends.ts'
import type { LanesResult } from '../bench/lanes/results.ts'
import { flood } from '../bench/load/flood.ts'
import { startPace } from '../bench/load/pace.ts'
import { probe } from '../bench/load/probe.ts'
import { slow } from '../bench/load/slow.ts'
import { startGenerator } from '../bench/load/start.ts'
import { steady } from '../bench/load/steady.ts'
import { startWheel } from '../bench/load/wheel.ts'
import { treeMemory } from '../bench/processes/usage.ts'
import { lanesTables } from '../bench/report/lanes.ts'

const forever = new AbortController().signal
const nothing = (): void => {}
const trickling = { kind: 'slow', fileSize: 64 * 1024, piece: 100, period: 50, finish: 3 } as const
const flooding = { kind: 'flood', connections: 2, content: 100_000, expected: 'received' } as const

function answer(status: string, body = 'x'.repeat(97)): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** A server that is given each connection; its port. */
async function serve(t: Test, onConnection: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    open.add(socket)
    socket.on('error', nothing)
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function scratchOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

t.test('the probe sends on while nothing is answered', async (t) => {
  const waiting: Socket[] = []
  const port = await serve(t, (socket) =>
    socket.on('data', () => {
      waiting.push(socket)
      if (waiting.length === 40) for (const one of waiting) one.write(answer('200 OK'))
    }),
  )
  const report = await probe({ kind: 'probe', port, rate: 100, seconds: 0.4 }, 60_000)
  t.strictSame([report.sent, report.failed], [40, {}], 'more than there are connections at the start')
  t.ok(report.max >= report.p99 && report.p99 >= report.p50 && report.p50 > 0)
})

t.test('the probe counts what fails, and does not time it', async (t) => {
  const refusing = await serve(t, (socket) => socket.on('data', () => socket.write(answer('503 Service Unavailable'))))
  t.match(await probe({ kind: 'probe', port: refusing, rate: 100, seconds: 0.1 }), {
    sent: 10,
    failed: { 'status 503': 10 },
    p99: Number.NaN,
  })
  const silent = await serve(t, (socket) => socket.on('data', nothing))
  const report = await probe({ kind: 'probe', port: silent, rate: 100, seconds: 0.05 }, 300)
  t.match(report, { sent: 5, failed: { deadline: 5 } })
})

t.test('a GET whose kept connection is closed is sent again', async (t) => {
  const port = await serve(t, (socket) => {
    socket.once('data', () => socket.write(answer('200 OK'), () => socket.once('data', () => socket.destroy())))
  })
  const { sent, failed } = await probe({ kind: 'probe', port, rate: 200, seconds: 0.3 })
  t.strictSame([sent, failed], [60, {}])
})

t.test('moments that were missed are made up for as planned', async (t) => {
  const planned: number[] = []
  const pace = startPace(5, 30, (moment) => {
    planned.push(moment)
    if (planned.length === 3) block(60)
  })
  await pace.over
  await pace.stop()
  t.equal(planned.length, 30)
  const steps = planned.slice(1).map((moment, at) => Math.round(moment - (planned[at] ?? 0)))
  t.strictSame(new Set(steps), new Set([5]))
})

t.test('the wheel leaves no slot out', async (t) => {
  const slots: number[] = []
  await new Promise<void>((resolve) => {
    const wheel = startWheel(10, 20, (slot, lateness) => {
      if (lateness < 0) t.fail('ahead of its time')
      if (slots.push(slot) === 5) block(50)
      if (slots.length < 60) return
      wheel.stop()
      resolve()
    })
  })
  t.ok(slots.every((slot, at) => at === 0 || slot === ((slots[at - 1] ?? 0) + 1) % 10))
})

t.test('loads arrive whole at the backend, and end when they are told to', async (t) => {
  const scratch = scratchOf(t)
  const sinks = await startSinks(scratch)
  t.teardown(() => sinks.stop())
  const { uploads: port, gets } = sinks.backends
  const generator = startGenerator(scratch)
  t.teardown(() => generator.stop())
  const beside = await generator.beside({ ...flooding, port }, () =>
    probe({ kind: 'probe', port: gets, rate: 50, seconds: 0.2 }),
  )
  t.strictSame([beside.work.sent, beside.work.failed, beside.load.failed], [10, {}, {}])
  t.ok(beside.load.uploads > 0 && beside.load.bytes === beside.load.uploads * flooding.content)
  await t.rejects(
    generator.beside({ ...trickling, uploads: 5, port }, () => Promise.reject(new Error('the work failed'))),
    { message: 'the work failed' },
  )
  const { load } = await generator.beside({ ...trickling, uploads: 10, port }, async () => {})
  t.match(load, { begun: 10, alive: 10, asked: 3, finished: 3 }, 'of use again')
  t.strictSame(load.failed, {})
})

t.test('a generator whose load fails says why', async (t) => {
  const wrong = await serve(t, (socket) => socket.on('data', () => socket.write(answer('200 OK', '{"received":1}'))))
  const generator = startGenerator(scratchOf(t))
  t.teardown(() => generator.stop())
  const work = generator.beside({ ...flooding, content: 10, port: wrong }, () => new Promise(nothing))
  await t.rejects(work, { message: /the sink received 1 bytes/ })
})

t.test('a flood counts refusals and goes on; an answer that cannot be true ends it', async (t) => {
  const stop = new AbortController()
  let refused = 0
  const busy = await serve(t, (socket) =>
    socket.once('data', () => {
      socket.end(answer('503 Service Unavailable'))
      if (++refused === 2) stop.abort()
    }),
  )
  const report = await flood({ ...flooding, port: busy }, stop.signal, nothing)
  t.match(report, { uploads: 0, bytes: 0 })
  t.ok(['status 503', 'closed'].some((how) => (report.failed[how] ?? 0) > 0))
  const releasing = await serve(t, (socket) => socket.once('data', () => socket.write(answer('200 OK'))))
  const bombing = { ...flooding, content: 10, expected: 'refused', port: releasing } as const
  await t.rejects(flood(bombing, forever, nothing), { message: /released/ })
})

t.test('slow uploads that end early are counted once, and are not alive', async (t) => {
  let opened = 0
  const ends: Promise<unknown>[] = []
  const port = await serve(t, (socket) => {
    opened += 1
    ends.push(once(socket, 'close'))
    if (opened === 2) socket.once('data', () => socket.destroy())
    if (opened === 3) socket.once('data', () => socket.write(answer('408 Request Timeout')))
    socket.on('data', nothing)
  })
  const stop = new AbortController()
  const report = await slow({ ...trickling, uploads: 6, finish: 0, port }, stop.signal, () => stop.abort())
  await Promise.all(ends)
  t.match(report, { begun: 6, alive: 4, asked: 0, finished: 0 })
  t.strictSame(report.failed, { closed: 1, 'status 408': 1 })
  t.ok(report.rate > 0)
})

t.test('steady uploads are told apart by their answers', async (t) => {
  const stop = new AbortController()
  let asked = 0
  const port = await serve(t, (socket) =>
    socket.once('data', () => {
      if (++asked === 4) stop.abort()
      socket.write(answer(asked % 2 ? '200 OK' : '503 Service Unavailable'))
    }),
  )
  const report = steady({ kind: 'steady', port, rate: 100 }, stop.signal, nothing)
  const { sent, answers } = await report
  t.ok((answers['status 200'] ?? 0) > 0 && (answers['status 503'] ?? 0) > 0)
  t.equal(
    Object.values(answers).reduce((sum, times) => sum + times, 0),
    sent,
  )
})

t.test('memory is that of a process and its descendants', (t) => {
  const { rss, pss } = treeMemory(process.pid)
  t.ok(pss > 0 && rss >= pss)
  t.strictSame(treeMemory(2 ** 30), { rss: 0, pss: 0 })
  t.end()
})

t.test('what is not installed, or fails, has a row that says so', (t) => {
  const rows = [
    { name: 'caddy', turns: [], failures: ['not installed: apt-get install caddy'] },
    { name: 'haproxy', turns: [], failures: ['it ended\nwith | 1'] },
  ]
  const result: LanesResult = { rows, scanner: { name: 'sluice, scanner', turns: [], failures: ['no answer'] } }
  const text = lanesTables(result).join('\n\n')
  t.match(text, 'Caddy (not installed: apt-get install caddy)')
  t.match(text, 'HAProxy (**failed** in 1 of 1 rounds)')
  t.match(text, '- haproxy: it ended with 1')
  t.match(text, '- sluice, scanner: no answer')
  t.end()
})
