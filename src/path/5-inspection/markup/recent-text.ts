/** UTF-16 units that stay at hand, at least. */
const kept = 4 * 1024 * 1024

/** The end of a text that comes in pieces, by offsets of the whole. */
export class RecentText {
  #pieces: { readonly start: number; readonly text: string }[] = []
  #end = 0

  push(text: string): void {
    if (text === '') return
    this.#pieces.push({ start: this.#end, text })
    this.#end += text.length
    while ((this.#pieces[1]?.start ?? this.#end) <= this.#end - kept) this.#pieces.shift()
  }

  has(start: number): boolean {
    return start >= (this.#pieces[0]?.start ?? this.#end)
  }

  /** What is at hand between two offsets. */
  slice(start: number, end: number): string {
    const last = this.#pieces.at(-1)
    if (last !== undefined && start >= last.start) return last.text.slice(start - last.start, end - last.start)
    let text = ''
    const first = this.#pieces.findLastIndex((piece) => piece.start <= start)
    for (const piece of this.#pieces.slice(Math.max(first, 0))) {
      if (piece.start >= end) break
      text += piece.text.slice(Math.max(start - piece.start, 0), end - piece.start)
    }
    return text
  }
}
