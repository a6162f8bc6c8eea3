const interval = 250

export interface ReadingProgress {
  readonly advance: (bytes: number, lines: number) => void
  readonly stop: () => void
}

/** A line on the terminal that is overwritten while files are read; nothing at all in a pipe. `total`: bytes, null where it is not known. */
export function readingProgress(total: number | null): ReadingProgress {
  const { stderr } = process
  if (!stderr.isTTY) return { advance: () => undefined, stop: () => undefined }
  const begun = performance.now()
  let told = begun
  let read = 0
  return {
    advance(bytes, lines) {
      read += bytes
      const now = performance.now()
      if (now - told < interval) return
      told = now
      const text = progressLine({ read, lines, total, seconds: (now - begun) / 1000 })
      stderr.write(`\r\x1b[K${text.slice(0, (stderr.columns || 80) - 1)}`)
    },
    stop: () => void stderr.write('\r\x1b[K'),
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
