import { type Document, LineCounter, parseDocument } from 'yaml'
import { type Defect, readTree } from './read-tree.ts'
import type { Surroundings } from './secrets.ts'
import { describeSyntaxErrors } from './syntax-errors.ts'
import type { Tree } from './tree.ts'

export interface Position {
  readonly line: number
  readonly column: number
}

export interface Source {
  /** Null where the text is not YAML that can be read. */
  readonly tree: Tree | null
  readonly defects: readonly Defect[]
  readonly position: (offset: number) => Position
}

const longestText = 2 ** 20

/** Reads YAML with the places of everything in it. Never throws, whatever the text. `keys`: what an empty file lacks. */
export function readSource(text: string, surroundings: Surroundings, keys: string): Source {
  const lines = new LineCounter()
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const lineOf = (offset: number) => position(offset).line
  const reject = (...defects: Defect[]): Source => ({ tree: null, defects, position })
  if (text.length > longestText) return reject(atTop(`${text.length} characters`, 'at most 1048576'))
  const document = parse(text, lines)
  if (document === null) return reject(atTop('lists or mappings within each other without end', 'a few levels'))
  const errors = describeSyntaxErrors(document, text, lineOf)
  if (errors.length > 0) return reject(...errors)
  if (document.contents === null) return reject(atTop('an empty file', keys))
  return { ...readTree(document.contents, surroundings, lineOf), position }
}

function atTop(found: string, expected: string): Defect {
  return { offset: 0, path: [], found, expected }
}

/** Null where the parser ran out of stack, which only absurd nesting brings about. */
function parse(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, stringKeys: true })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
