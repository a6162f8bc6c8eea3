import { setImmediate as nextTurn } from 'node:timers/promises'
import { BodyFeed } from '../../../../upstream/body-feed.ts'
import { filePieces } from '../file-pieces.ts'
import type { Asking, ScannedFile } from '../scanner.ts'

const pieceSize = 64 * 1024

export interface FileFeed {
  readonly body: BodyFeed
  /** Whether the connection was made and has asked for the file. */
  readonly begun: boolean
  /** Bytes that were given to the connection; the last of them may not be sent yet. */
  readonly given: number
  /** Counts what was given and is not known to be sent: the scanner has proven that it took it. */
  settle(): void
}

/** The file as the body of a request. A piece counts as taken when the next one is asked for, which waits for it to be sent. */
export function feedFile(file: ScannedFile, asking: Asking): FileFeed {
  let begun = false
  let given = 0
  let taken = 0
  const settle = (): void => {
    asking.taken(given - taken)
    taken = given
  }
  async function* pieces(): AsyncGenerator<Buffer, void> {
    begun = true
    for await (const piece of filePieces(file, pieceSize)) {
      // An answer that is there already is to be heard before more is written.
      await nextTurn()
      given += piece.length
      yield piece
      settle()
    }
  }
  return {
    body: new BodyFeed(pieces),
    get begun() {
      return begun
    },
    get given() {
      return given
    },
    settle,
  }
}
