import type { RouteTable } from '../path/2-route/table.ts'
import { readAudit } from './read-audit.ts'
import { readRecorded } from './recorded.ts'
import { replayRelayed, replayUpload } from './replay-upload.ts'
import { count, emptyTally, type Tally } from './tally.ts'

export interface ReplayOptions {
  /** How many uploads of each kind are kept as examples. */
  readonly examples: number
  /** Told of bytes as they are read, and of the lines so far. */
  readonly onProgress: (bytes: number, lines: number) => void
}

/** Has a configuration decide again on all uploads of these audits, in memory that does not grow with them. Rejects where one cannot be read. */
export async function replay(files: readonly string[], table: RouteTable, options: ReplayOptions): Promise<Tally> {
  const tally = emptyTally()
  const onLine = (line: Buffer | null): void => {
    tally.lines.total += 1
    if (line === null) tally.lines.tooLong += 1
    else replayLine(line, table, tally, options.examples)
  }
  const onBytes = (bytes: number): void => options.onProgress(bytes, tally.lines.total)
  for (const file of files) await readAudit(file, { onLine, onBytes })
  return tally
}

function replayLine(line: Buffer, table: RouteTable, tally: Tally, examples: number): void {
  const recorded = readRecorded(line)
  switch (recorded.kind) {
    case 'foreign':
      tally.lines.foreign += 1
      break
    case 'other':
      tally.lines.other += 1
      break
    case 'unjudged':
      tally.lines[recorded.cut ? 'cut' : 'unjudged'] += 1
      break
    case 'relayed': {
      const replayed = replayRelayed(table, recorded.request)
      if (replayed === null) tally.lines.other += 1
      else count(tally, recorded.request, replayed, examples)
      break
    }
    case 'upload':
      count(tally, recorded.upload, replayUpload(table, recorded.upload), examples)
      break
  }
}
