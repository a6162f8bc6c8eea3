/** Characters that part the cells of a line, in order of preference. */
const separators = [',', ';', '\t', '|'] as const

/** Lines that are looked at. */
const fewLines = 50

/**
 * What parts the cells of a table, judged by its first lines; what Excel's own directive says comes first. Quoted text
 * does not count.
 */
export function separatorOf(start: string): string {
  const directive = /^\uFEFF?sep=([^\r\n"])\r?\n/i.exec(start)?.[1]
  if (directive !== undefined) return directive
  const lines = start
    .replace(/"[^"]*"/g, '')
    .split(/\r\n|\r|\n/, fewLines)
    .filter((line) => line !== '')
  const linesWith = (separator: string): number => lines.filter((line) => line.includes(separator)).length
  const counts = separators.map((separator) => [separator, linesWith(separator)] as const)
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}
