import { callsWithin, isFormula, leading, mayBegin } from './formula.ts'

/** Formulas of a table, and where the first one stands; rows and columns from 1. */
export interface FormulaCells {
  readonly formulas: number
  readonly first: { readonly row: number; readonly column: number; readonly cell: string } | null
  /** The table ends inside quotes: readers differ in where its cells are. */
  readonly open: boolean
}

/** What is kept of a cell, in UTF-16 units. */
const longestCell = 256

/**
 * Counts the cells that a spreadsheet would run. Cells end at `separator` or at a line end, unless quoted (RFC 4180);
 * a quote within a cell is a quote.
 */
export function formulaCells(text: Iterable<string>, separator: string, quotes: boolean): FormulaCells {
  const cells = new Cells(separator)
  const [other, quote] = [separator.charCodeAt(0), quotes ? 0x22 : -1]
  for (const window of text) {
    let from = 0
    for (let at = 0; at < window.length; at += 1) {
      const code = window.charCodeAt(at)
      if (code === other || code === 10 || code === 13 || code === quote) {
        cells.take(window, from, at)
        cells.meet(window.charAt(at))
        from = at + 1
      } else if (mayBegin(code)) cells.mayRun = true
    }
    cells.take(window, from, window.length)
  }
  return cells.end()
}

/** Where the reading of a table stands. */
class Cells {
  /** Whether a character of the cell may begin a formula. */
  mayRun = false
  readonly #separator: string
  #formulas = 0
  #first: FormulaCells['first'] = null
  #row = 1
  #column = 1
  #cell = ''
  #quoted = false
  /** The last thing read was a quote that closed, or a carriage return. */
  #after: '"' | '\r' | null = null

  constructor(separator: string) {
    this.#separator = separator
  }

  take(window: string, from: number, to: number): void {
    if (from === to) return
    this.#after = null
    const room = longestCell - this.#cell.length
    if (room > 0) this.#cell += window.slice(from, Math.min(to, from + room))
  }

  meet(mark: string): void {
    const after = this.#after
    this.#after = null
    if (mark === '"') this.#quote(after === '"')
    else if (this.#quoted) {
      this.take(mark, 0, 1)
      this.mayRun ||= mayBegin(mark.charCodeAt(0))
    } else this.#endCell(mark, after === '\r')
  }

  end(): FormulaCells {
    this.#judge()
    return { formulas: this.#formulas, first: this.#first, open: this.#quoted }
  }

  #quote(doubled: boolean): void {
    if (this.#quoted) {
      this.#quoted = false
      this.#after = '"'
    } else if (doubled) {
      this.#quoted = true
      this.take('"', 0, 1)
    } else if (this.#cell.trim() === '' || this.#cell === '\uFEFF') this.#quoted = true
    else this.take('"', 0, 1)
  }

  #endCell(mark: string, afterReturn: boolean): void {
    this.#judge()
    if (mark === this.#separator) {
      this.#column += 1
      return
    }
    if (mark === '\r') this.#after = '\r'
    if (!(mark === '\n' && afterReturn)) this.#row += 1
    this.#column = 1
  }

  #judge(): void {
    const [cell, mayRun] = [this.#cell, this.mayRun]
    this.#cell = ''
    this.mayRun = false
    if (!mayRun || !(isFormula(cell) || callsWithin(cell))) return
    this.#formulas += 1
    this.#first ??= { row: this.#row, column: this.#column, cell: cell.replace(leading, '') }
  }
}
