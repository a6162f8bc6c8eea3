import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import * as fc from 'fast-check'
import t from 'tap'
import { Connection } from '../../src/path/1-connection/connection.ts'
import { OpenConnections } from '../../src/path/1-connection/open-connections.ts'

/** As much of a socket as is asked for. */
class FakeSocket extends EventEmitter {
  readonly remoteAddress: string | undefined
  bytesRead = 0
  destroyed = false

  constructor(remoteAddress: string | undefined) {
    super()
    this.remoteAddress = remoteAddress
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.emit('close')
  }
}

class Peer {
  readonly socket: FakeSocket
  readonly connection: Connection
  #answer: (() => void) | null = null

  constructor(address: string | undefined) {
    this.socket = new FakeSocket(address)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.connection = new Connection(this.socket as unknown as Socket)
  }

  /** A request comes, and is being served. */
  ask(): void {
    if (this.#answer) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#answer = resolve
    this.socket.bytesRead += 100
    this.connection.serve(() => promise)
  }

  async answered(): Promise<void> {
    this.#answer?.()
    this.#answer = null
    await new Promise(setImmediate)
  }
}

interface Capped {
  readonly open: OpenConnections
  readonly reclaimed: () => number
  /** Lets the time go by. */
  readonly wait: (milliseconds: number) => void
}

function caps(total: number, perClient: number): Capped {
  let reclaimed = 0
  let clock = 0
  const trusts = ({ text }: { readonly text: string }): boolean => text === '10.0.0.1'
  const open = new OpenConnections(
    { total, perClient },
    trusts,
    () => void reclaimed++,
    () => clock,
  )
  return { open, reclaimed: () => reclaimed, wait: (milliseconds) => void (clock += milliseconds) }
}

function admit(open: OpenConnections, address: string | undefined): { peer: Peer; refused: string | null } {
  const peer = new Peer(address)
  return { peer, refused: open.admit(peer.connection) }
}

t.test('a client is its IPv4 address or its IPv6 network, and a trusted proxy has no cap', async (t) => {
  const { open } = caps(100, 1)
  const rows: [address: string | undefined, refused: string | null][] = [
    ['192.0.2.1', null],
    ['::ffff:192.0.2.1', 'client'],
    ['192.0.2.2', null],
    ['2001:db8::1', null],
    ['2001:db8::2', 'client'],
    ['2001:db8:0:1::1', null],
    ['10.0.0.1', null],
    ['10.0.0.1', null],
    [undefined, null],
    [undefined, null],
  ]
  for (const [address, expected] of rows) t.equal(admit(open, address).refused, expected, String(address))
  t.equal(open.open, 8)
})

t.test('nobody is closed who is served, who has just come, or whose next request is on its way', async (t) => {
  const { open, reclaimed, wait } = caps(3, 100)
  const [served, sending, fresh] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => admit(open, address).peer)
  served?.ask()
  t.equal(admit(open, '192.0.2.4').refused, 'total', 'all have just come')
  wait(1001)
  if (sending) sending.socket.bytesRead += 1
  t.equal(admit(open, '192.0.2.4').refused, null)
  t.same(
    [served, sending, fresh].map((peer) => peer?.socket.destroyed),
    [false, false, true],
  )
  t.equal(reclaimed(), 1)
  t.equal(admit(open, '192.0.2.5').refused, 'total')
})

t.test('the longest idle goes first, and of a client at its cap one of its own', async (t) => {
  const { open, wait } = caps(4, 2)
  const peers = ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => admit(open, address).peer)
  const [first] = peers
  first?.ask()
  await first?.answered()
  wait(1001)
  const gone = () => peers.map(({ socket }) => socket.destroyed)
  t.equal(admit(open, '192.0.2.1').refused, null)
  t.same(gone(), [false, true, false, false], 'the other one of the client has waited for longer')
  t.equal(admit(open, '192.0.2.9').refused, null)
  t.same(gone(), [false, true, true, false], 'that of any other client before the one that was answered last')
})

t.test('whatever comes and goes, the caps hold and the counts are those of the open connections', async () => {
  const address = fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2', '10.0.0.1', undefined)
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ act: fc.constant('open' as const), address }) },
    fc.record({ act: fc.constantFrom('close' as const, 'ask' as const, 'answered' as const), index: fc.nat(30) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { open, wait } = caps(6, 3)
      const peers: Peer[] = []
      for (const taken of steps) {
        wait(700)
        if (taken.act === 'open') {
          const { peer, refused } = admit(open, taken.address)
          if (refused === null) peers.push(peer)
        } else {
          const peer = peers[taken.index % Math.max(1, peers.length)]
          if (taken.act === 'close') peer?.socket.destroy()
          else if (peer && !peer.socket.destroyed) await (taken.act === 'ask' ? peer.ask() : peer.answered())
        }
        const live = peers.filter(({ socket }) => !socket.destroyed)
        if (open.open !== live.length || live.length > 6) return false
        const ofOne = live.filter(({ socket }) => socket.remoteAddress === '192.0.2.1')
        const ofNetwork = live.filter(({ socket }) => socket.remoteAddress?.startsWith('2001:'))
        if (ofOne.length > 3 || ofNetwork.length > 3) return false
      }
      for (const { socket } of peers) socket.destroy()
      return open.open === 0 && open.clients === 0
    }),
    { numRuns: 300 },
  )
})
