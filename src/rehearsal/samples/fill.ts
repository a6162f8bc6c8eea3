/** Lengths of pieces that come to `total` bytes together, each of at most `most` and at least `least`, which `total` is too. */
export function piecesOf(total: number, most: number, least: number): number[] {
  const pieces: number[] = []
  for (let left = total; left > 0; ) {
    const piece = Math.min(left, most)
    const rest = left - piece
    pieces.push(rest > 0 && rest < least ? piece - least : piece)
    left -= pieces.at(-1) ?? left
  }
  return pieces
}

/** Text of so many bytes, in lines. */
export function words(length: number): string {
  const line = 'Nothing in this line is of any consequence.\n'
  return line.repeat(Math.ceil(length / line.length)).slice(0, Math.max(length, 0))
}
