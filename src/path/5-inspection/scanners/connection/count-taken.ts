/** Counts what the scanner took, once where the file is sent once more. */
export function countTaken(taken: (bytes: number) => void): () => (bytes: number) => void {
  let counted = 0
  return () => {
    let sent = 0
    return (bytes) => {
      sent += bytes
      if (sent <= counted) return
      taken(sent - counted)
      counted = sent
    }
  }
}
