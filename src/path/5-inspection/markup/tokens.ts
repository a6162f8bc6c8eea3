import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { RecentText } from './recent-text.ts'
import { Tag } from './tag.ts'

export interface Attribute {
  readonly name: string
  /** Entities of HTML or XML are resolved, those of the document's own are not. */
  readonly value: string
  readonly quoted: boolean
  /** False where more of the value came than was kept. */
  readonly whole: boolean
}

/** What markup comes to. Names are as they are written. */
export interface TokenSink {
  openTag(name: string, attributes: readonly Attribute[], empty: boolean): void
  closeTag(name: string): void
  text(text: string): void
  /** Between `<![CDATA[` and `]]>`; HTML may see it as a comment that ends at the first `>`. */
  cdata(text: string): void
  /** Its text is made only if it is asked for. */
  comment(text: () => string): void
  /** Between `<?` and `?>`. */
  instruction(text: string): void
  /** Between `<!` and `>`, and no comment. */
  declaration(text: string): void
  /** More of something than is looked at: a noun phrase. */
  excess(what: string): void
  /** The text ended within a tag, a comment or the like. */
  unfinished(): void
}

export interface TokenStream {
  write(text: string): void
  end(): void
}

/** `foreign`: as HTML is read within svg and math, where no element's content is raw text. */
export interface Reading {
  readonly mode: 'xml' | 'html'
  readonly foreign: boolean
  /** UTF-16 units kept of an attribute's value; 256 Ki unless told. */
  readonly longestValue?: number
}

/** Longer names are cut: no known one comes near. */
const longestName = 256
const cdataMark = '[CDATA['

/**
 * The tokens of htmlparser2. Its parser is not used: it keeps all open elements and searches among them, which is
 * quadratic in their nesting.
 */
export function tokenStream({ mode, foreign, longestValue = 256 * 1024 }: Reading, sink: TokenSink): TokenStream {
  const recent = new RecentText()
  const tag = new Tag(sink, longestValue)
  let ending = false
  const name = (start: number, end: number): string => recent.slice(start, Math.min(end, start + longestName))
  const whole = (start: number, end: number, what: string): string => {
    if (!recent.has(start)) sink.excess(`${what} of more than 4 MiB`)
    if (ending) sink.unfinished()
    return recent.slice(start, end)
  }
  const callbacks: TokenizerCallbacks = {
    onopentagname: (start, end) => tag.begin(name(start, end)),
    onattribname: (start, end) => tag.beginAttribute(name(start, end)),
    onattribdata: (start, end) => tag.addToValue(recent.slice(start, end)),
    onattribentity: (code) => tag.addToValue(String.fromCodePoint(code)),
    onattribend: (quote) => tag.endAttribute(quote === QuoteType.Double || quote === QuoteType.Single),
    onopentagend: () => tag.end(false),
    onselfclosingtag: () => tag.end(true),
    onclosetag: (start, end) => sink.closeTag(name(start, end)),
    ontext: (start, end) => sink.text(recent.slice(start, end)),
    ontextentity: (code) => sink.text(String.fromCodePoint(code)),
    oncdata: (start, end, offset) => sink.cdata(whole(start, end - offset, 'a CDATA section')),
    oncomment: (start, end) => {
      if (ending) sink.unfinished()
      if (recent.slice(start, start + cdataMark.length) === cdataMark) sink.cdata(whole(start, end, 'a CDATA section'))
      else sink.comment(() => recent.slice(start, end))
    },
    onprocessinginstruction: (start, end) => sink.instruction(whole(start, end, 'an instruction')),
    ondeclaration: (start, end) => sink.declaration(whole(start, end, 'a declaration')),
    onend: () => undefined,
    isInForeignContext: () => foreign,
  }
  const tokenizer = new Tokenizer({ xmlMode: mode === 'xml' }, callbacks)
  return {
    write: (text) => {
      recent.push(text)
      tokenizer.write(text)
    },
    end: () => {
      ending = true
      tokenizer.end()
      if (tag.open) sink.unfinished()
    },
  }
}
