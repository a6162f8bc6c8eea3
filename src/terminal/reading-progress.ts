import { statusLine } from './status-line.ts'

const interval = 250

export interface ReadingProgress {
  readonly advance: (bytes: number, lines: number) => void
  readonly stop: () => void
}

/** Tells on the terminal how far files are read; nothing at all in a pipe. `total`: bytes, null where it is not known. */
export function readingProgress(total: number | null): ReadingProgress {
  const line = statusLine()
  if (line === null) return { advance: () => undefined, stop: () => undefined }
  const begun = performance.now()
  let told = begun
  let read = 0
  return {
    advance(bytes, lines) {
      read += bytes
      const now = performance.now()
      if (now - told < interval) return
      told = now
      line.show(progressLine({ read, lines, total, seconds: (now - begun) / 1000 }))
    },
    stop: line.clear,
  }
}

interface Standing {
  readonly read: number
  readonly lines: number
  readonly total: number | null
  readonly seconds: number
}

/** "120000 lines, 96 of 800 MB, 44 s left". */
export function progressLine({ read, lines, total, seconds }: Standing): string {
  const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6))
  if (total === null) return `${lines} lines, ${megabytes(read)} MB`
  const left = read === 0 ? '' : `, ${Math.ceil((seconds * Math.max(0, total - read)) / read)} s left`
  return `${lines} lines, ${megabytes(read)} of ${megabytes(total)} MB${left}`
}
