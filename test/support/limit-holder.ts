/** A process that takes places from the store of its parent, one for each argument, and keeps them. */
import { limitStoreOf } from '../../src/workers/limit-store.ts'
import { openPeer } from '../../src/workers/peer.ts'

const store = limitStoreOf(openPeer(process, {}), 30_000)
const asks = process.argv
  .slice(2)
  .map((id) => ({ kind: 'lease', key: 'at once', most: 10, id, enforce: true }) as const)
await Promise.all(asks.map((ask) => store.take([ask])))
