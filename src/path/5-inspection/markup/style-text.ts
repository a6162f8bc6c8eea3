import { shown } from '../shown.ts'
import type { Note } from './findings.ts'
import { readStyles } from './styles.ts'

/** What of a piece may belong to a word that the next one ends. */
const overlap = 2048

/** The content of a style element, which may come in pieces. */
export function styleText(note: Note): { add(text: string): void; end(): void } {
  let pending = ''
  const judge = (css: string): void => {
    const { script, external } = readStyles(css)
    if (script !== null) note('file.markup.script', script)
    if (external !== null) note('file.markup.external', `a style refers to ${shown(external)}`)
  }
  return {
    add: (text) => {
      pending += text
      if (pending.length < 64 * 1024) return
      judge(pending)
      pending = pending.slice(-overlap)
    },
    end: () => {
      if (pending !== '') judge(pending)
      pending = ''
    },
  }
}
