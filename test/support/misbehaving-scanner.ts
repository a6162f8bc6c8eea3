import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Test } from 'tap'
import type { ScanFault } from '../../src/path/5-inspection/scanners/faults.ts'
import { coverage } from '../../src/path/5-inspection/scanners/question/coverage.ts'
import type { Scanner } from '../../src/path/5-inspection/scanners/scanner.ts'
import { freePort } from './free-port.ts'
import { scannedFile } from './scanned-file.ts'

/** What a fake scanner has to know of its protocol. */
export interface FakeProtocol {
  /** The scanner under test, for a peer on this port of 127.0.0.1. */
  open(port: number): Promise<Scanner>
  /** The answer to what is asked before a file is sent, and null once a file is sent. */
  prelude?(received: Buffer): string | null
  /** Whether this is the end of a question with a file of this size; `tail`: the last bytes of `total`. */
  isWhole(total: number, size: number, tail: Buffer): boolean
  readonly clean: string
  readonly encrypted: string
  readonly sizeLimit: string
  /** Whether an answer may be lost that is followed by a reset. */
  readonly losesAnswers?: true
  readonly garbage: string
  /** The start of an answer, and what comes after it without an end. */
  readonly flood: readonly [start: string, more: string]
}

type Act = (socket: Socket, protocol: FakeProtocol) => void

interface Misbehaviour {
  readonly name: string
  /** Null where nothing listens. */
  readonly half?: Act
  readonly whole?: Act
  readonly start?: Act
  readonly listens?: false
  /** What the scanner says; `abort`: nothing, until the asker gives up. */
  readonly expected: ScanFault | 'abort'
  readonly taken?: 'all' | 'some'
  /** What it also says where answers may be lost. */
  readonly lost?: ScanFault
}

const halt: Act = (socket) => void socket.pause()
const answer =
  (kind: 'clean' | 'encrypted' | 'sizeLimit' | 'garbage'): Act =>
  (socket, protocol) =>
    void socket.write(protocol[kind])

const misbehaviours: readonly Misbehaviour[] = [
  { name: 'refuses connections', listens: false, expected: 'refused' },
  { name: 'accepts and hangs', start: halt, expected: 'abort', taken: 'some' },
  { name: 'never answers after it took all', expected: 'abort', taken: 'all' },
  { name: 'closes midway', half: (socket) => void socket.destroy(), expected: 'closed' },
  { name: 'resets midway', half: (socket) => void socket.resetAndDestroy(), expected: 'closed' },
  { name: 'closes instead of an answer', whole: (socket) => void socket.end(), expected: 'closed' },
  { name: 'answers garbage', whole: answer('garbage'), expected: 'garbage' },
  { name: 'answers clean after half of the bytes', half: answer('clean'), expected: 'early' },
  { name: 'takes no files of this size, and says so at the end', whole: answer('sizeLimit'), expected: 'sizeLimit' },
  {
    name: 'takes no files of this size, and resets midway',
    half: (socket, { sizeLimit }) => void socket.write(sizeLimit, () => socket.resetAndDestroy()),
    expected: 'sizeLimit',
    lost: 'closed',
  },
  { name: 'reports encrypted', whole: answer('encrypted'), expected: 'encrypted' },
  { name: 'floods the answer', whole: flood, expected: 'flood' },
]

function flood(socket: Socket, { flood: [start, more] }: FakeProtocol): void {
  const block = more.repeat(Math.ceil(8192 / more.length))
  const pour = (): void => {
    while (!socket.destroyed && socket.write(block));
  }
  socket.on('drain', pour).write(start)
  pour()
}

/** More than the system keeps in its buffers for one connection. */
const large = Buffer.alloc(24 * 1024 * 1024, 'no malware in here. ')
const small = large.subarray(0, 300_000)

/** Every way in which a scanner behind a connection can fail its part, each told apart. */
export async function testMisbehaviours(t: Test, protocol: FakeProtocol): Promise<void> {
  for (const misbehaviour of misbehaviours) {
    await t.test(`a scanner that ${misbehaviour.name}`, async (t) => {
      const bytes = misbehaviour.taken === 'some' ? large : small
      const peer = await startPeer(t, protocol, misbehaviour, bytes.length)
      const scanner = await protocol.open(peer.port)
      const asker = new AbortController()
      let taken = 0
      const count = (more: number): void => {
        taken += more
        if (misbehaviour.taken === 'all' && taken === bytes.length) asker.abort(new Error('given up'))
      }
      if (misbehaviour.taken === 'some') void wait(300).then(() => asker.abort(new Error('given up')))
      const scan = scanner.scan(scannedFile(bytes), { signal: asker.signal, taken: count })
      if (misbehaviour.expected === 'abort') await t.rejects(scan, { message: 'given up' })
      else {
        const said = coverage(await scan, { size: bytes.length, taken })
        const { expected, lost = expected } = misbehaviour
        const fault = protocol.losesAnswers ? new RegExp(`^(${expected}|${lost})$`) : expected
        t.match(said, { result: 'unscanned', fault })
      }
      if (misbehaviour.taken === 'some') t.ok(taken < bytes.length, 'it did not take all')
      if (misbehaviour.taken === 'all') t.equal(taken, bytes.length, 'it took all, once')
      t.ok(taken <= bytes.length, 'nothing is counted twice')
      await scanner.close()
      await peer.left()
    })
  }
}

interface Peer {
  readonly port: number
  /** Resolves when no connection is open. */
  left(): Promise<void>
}

async function startPeer(t: Test, protocol: FakeProtocol, behaviour: Misbehaviour, size: number): Promise<Peer> {
  if (behaviour.listens === false) return { port: await freePort(), left: async () => {} }
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    follow(socket, protocol, behaviour, size)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    async left() {
      for (const socket of open) {
        // One that hangs reads on, or it would not see the end.
        const closed = new Promise((resolve) => socket.once('close', resolve))
        socket.resume()
        await closed
      }
    },
  }
}

function follow(socket: Socket, protocol: FakeProtocol, { start, half, whole }: Misbehaviour, size: number): void {
  let total = 0
  let tail: Buffer = Buffer.alloc(0)
  const once = { start, half, whole }
  const act = (name: 'start' | 'half' | 'whole'): void => {
    const now = once[name]
    once[name] = undefined
    now?.(socket, protocol)
  }
  socket.on('data', (bytes: Buffer) => {
    const prelude = total === 0 ? protocol.prelude?.(bytes) : null
    if (prelude) return void socket.write(prelude)
    total += bytes.length
    tail = Buffer.concat([tail, bytes]).subarray(-64)
    act('start')
    if (total > size / 2) act('half')
    if (protocol.isWhole(total, size, tail)) act('whole')
  })
}
