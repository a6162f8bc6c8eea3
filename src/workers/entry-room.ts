import type { EntryRoom } from '../quarantine/room.ts'
import type { PrimaryQuestions } from './messages.ts'
import type { Handlers, Peer } from './peer.ts'

/** Milliseconds; the primary may have to throw away what has expired, on a slow disk. */
const deadline = 30_000

/** The room for entries of the quarantine, from a worker: one account counts what all of them keep. */
export function entryRoomOf(primary: Peer<PrimaryQuestions>): EntryRoom {
  const settle: EntryRoom['settle'] = (bytes, id) => primary.tell('settleRoom', { bytes, id })
  return {
    reserve: (bytes) =>
      primary.ask('reserveRoom', bytes, {
        deadline,
        late(entries) {
          if (entries === null) settle(bytes, null)
        },
      }),
    settle,
  }
}

type RoomQuestions = Pick<PrimaryQuestions, 'reserveRoom' | 'settleRoom'>

/** What one worker asks of the room; `end` gives back what it had reserved when it died. */
export function serveEntryRoom(room: EntryRoom | null): { handlers: Handlers<RoomQuestions>; end: () => void } {
  let reserved: number[] = []
  let hasEnded = false
  return {
    handlers: {
      async reserveRoom(bytes) {
        if (room === null) throw new Error('there is no quarantine')
        const inTheWay = await room.reserve(bytes)
        if (inTheWay !== null) return inTheWay
        if (hasEnded) room.settle(bytes, null)
        else reserved.push(bytes)
        return null
      },
      settleRoom({ bytes, id }) {
        const at = reserved.indexOf(bytes)
        if (at === -1) return
        reserved.splice(at, 1)
        room?.settle(bytes, id)
      },
    },
    end() {
      hasEnded = true
      // What it had written whole is found by the next look at the store.
      for (const bytes of reserved) room?.settle(bytes, null)
      reserved = []
    },
  }
}
