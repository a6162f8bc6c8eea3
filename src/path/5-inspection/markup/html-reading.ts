import { htmlElement, type MarkupKind } from './element.ts'
import type { Findings, Note } from './findings.ts'
import { judgeElement } from './judge-element.ts'
import { styleText } from './style-text.ts'
import { type TokenSink, tokenStream } from './tokens.ts'

/** Elements whose content is text, if the browser is where it seems to be. */
const rawText = new Set(['style', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext'])
/**
 * Elements within which browsers read such elements otherwise: SVG and MathML have none, a list of choices ignores their
 * tags, and whether noscript is text depends on the reader (HTML §13.2.6). Once one came, text is searched as well.
 */
const bending = new Set(['svg', 'math', 'select', 'frameset', 'noscript', 'template'])

/** Tags that would be active if a browser read a text as markup. Each part looks no further than the next `<`. */
const active =
  /<(?:script|iframe|object|embed)[\s/>]|<[a-z][^<>]*[\s/"'](?:on[a-z]{3,}\s*=|(?:href|src)\s*=\s*["']?\s*javascript:)/i

/** What of a text may belong to a tag that the next piece ends. */
const overlap = 1024

/** Notes what a reader of HTML finds; an SVG is read as it is within a page. True where namespaces are declared. */
export function readHtml(texts: Iterable<string>, kind: MarkupKind, findings: Findings): boolean {
  const state = { raw: '', bent: kind === 'svg', noscript: false, namespaces: false }
  const stream = tokenStream({ mode: 'html', foreign: kind === 'svg' }, htmlSink(kind, state, findings))
  for (const text of texts) stream.write(text)
  stream.end()
  return state.namespaces
}

interface State {
  /** The element whose content is read as text; empty where none is. */
  raw: string
  bent: boolean
  noscript: boolean
  namespaces: boolean
}

function htmlSink(kind: MarkupKind, state: State, findings: Findings): TokenSink {
  const { note, excess } = findings
  const style = styleText(note)
  const hidden = hiddenMarkup(note)
  const leave = (): void => {
    if (state.raw === 'style') style.end()
    hidden.end()
    state.raw = ''
  }
  return {
    openTag: (name, attributes) => {
      leave()
      const element = htmlElement(name, attributes)
      judgeElement(element, kind, findings)
      state.bent ||= bending.has(element.local)
      state.noscript ||= element.local === 'noscript'
      state.namespaces ||= attributes.some((one) => /^xmlns/i.test(one.name))
      state.raw = rawText.has(element.local) ? element.local : ''
      if (state.noscript && attributes.some(({ value }) => endsNoscript(value))) noteNoscript(note)
    },
    closeTag: leave,
    text: (text) => {
      if (state.raw === 'style') style.add(text)
      if (state.raw !== '' && state.bent) hidden.add(text)
    },
    cdata: (text) => {
      if (state.raw === 'style') style.add(text)
      if (active.test(text)) note('file.markup.script', 'a CDATA section has tags that HTML reads as active content')
    },
    comment: (text) => {
      if (state.noscript && endsNoscript(text())) noteNoscript(note)
    },
    instruction: () => undefined,
    declaration: () => undefined,
    excess,
    unfinished: () => undefined,
  }
}

function endsNoscript(text: string): boolean {
  return /<\/noscript/i.test(text)
}

function noteNoscript(note: Note): void {
  note('file.markup.script', 'a noscript element ends within an attribute or a comment')
}

/** Looks for active markup in what was read as text, piece by piece. */
function hiddenMarkup(note: Note): { add(text: string): void; end(): void } {
  let carried = ''
  return {
    add: (text) => {
      const whole = carried + text
      if (active.test(whole)) note('file.markup.script', 'a text has tags that some browsers read as active content')
      carried = whole.slice(-overlap)
    },
    end: () => {
      carried = ''
    },
  }
}
