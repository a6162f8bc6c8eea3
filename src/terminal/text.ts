const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]/u

/** Columns that a printable text takes on a terminal: none for a combining mark, two for a CJK character. */
export function cellsOf(text: string): number {
  let cells = 0
  for (const character of text) cells += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return cells
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellsOf(text)))
}

/** A row as lines of at most so many columns where its words allow it, the later ones below where its last column begins. */
export function wrapped(row: string, columns: number | null): string[] {
  if (columns === null || cellsOf(row) < columns) return [row]
  const head = /^(?: {8}\w+(?: \w+)?: +| {4}not looked into: | {4})/.exec(row)?.[0] ?? ''
  const indent = ' '.repeat(head === '' ? 12 : head.length)
  const lines: string[] = []
  let line = head
  for (const word of row.slice(head.length).split(/(?<= )(?! )/)) {
    const fits = cellsOf(line + word.trimEnd()) < columns
    if (!fits && line.trim() !== '' && line !== head) {
      lines.push(line.trimEnd())
      line = indent
    }
    line += word
  }
  return [...lines, line]
}
