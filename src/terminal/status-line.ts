/** A line on the terminal that is overwritten. */
export interface StatusLine {
  readonly show: (text: string) => void
  readonly clear: () => void
}

/** Null in a pipe, which gets none. */
export function statusLine(): StatusLine | null {
  const { stderr } = process
  if (!stderr.isTTY) return null
  return {
    // A terminal that was given no size says 0.
    show: (text) => void stderr.write(`\r\x1b[K${text.slice(0, (stderr.columns || 80) - 1)}`),
    clear: () => void stderr.write('\r\x1b[K'),
  }
}
