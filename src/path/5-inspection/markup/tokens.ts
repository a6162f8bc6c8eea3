import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2'

export interface Attribute {
  readonly name: string
  /** Entities of HTML or XML are resolved, those of the document's own are not. The first `longestValue` units. */
  readonly value: string
  readonly quoted: boolean
  /** False where more of the value came than is kept. */
  readonly whole: boolean
}

/** What a piece of markup comes to. Names are as they are written. */
export interface TokenSink {
  openTag(name: string, attributes: readonly Attribute[], empty: boolean): void
  closeTag(name: string): void
  text(text: string): void
  /** Between `<![CDATA[` and `]]>`; may come as text for HTML. */
  cdata(text: string): void
  /** Without the angle brackets and question marks. */
  instruction(text: string): void
  /** What stands between `<!` and `>` and is no comment. */
  declaration(text: string): void
  /** Something was longer than is looked at: a clause. */
  excess(what: string): void
  /** The text ends inside of a tag or a comment. */
  unfinished(): void
}

export interface TokenStream {
  write(text: string): void
  end(): void
}

/** UTF-16 units of a value, a name, and of anything that comes in one piece (comments aside). */
const longestValue = 256 * 1024
const longestName = 1024
const longestPiece = 4 * 1024 * 1024
const mostAttributes = 1000

/**
 * Tokens of htmlparser2, bounded. Its parser is not used: it keeps every open element and searches among them, which is
 * quadratic in the nesting.
 */
export function tokenStream(mode: 'xml' | 'html', foreign: boolean, sink: TokenSink): TokenStream {
  const recent = new RecentText()
  const tag = new Tag(sink)
  const piece = (start: number, end: number, what: string): string => {
    if (!recent.has(start)) sink.excess(`it has ${what} of more than 4 MiB`)
    return recent.slice(start, end)
  }
  const callbacks: TokenizerCallbacks = {
    onopentagname: (start, end) => tag.begin(recent.name(start, end)),
    onattribname: (start, end) => tag.attribute(recent.name(start, end)),
    onattribdata: (start, end) => tag.data(recent.slice(start, end)),
    onattribentity: (code) => tag.data(String.fromCodePoint(code)),
    onattribend: (quote) => tag.endAttribute(quote === QuoteType.Double || quote === QuoteType.Single),
    onopentagend: () => tag.end(false),
    onselfclosingtag: () => tag.end(true),
    onclosetag: (start, end) => sink.closeTag(recent.name(start, end)),
    ontext: (start, end) => sink.text(recent.slice(start, end)),
    ontextentity: (code) => sink.text(String.fromCodePoint(code)),
    oncdata: (start, end, offset) => sink.cdata(piece(start, end - offset, 'a CDATA section')),
    oncomment: (start, end) => comment(recent, start, end, sink),
    onprocessinginstruction: (start, end) => sink.instruction(piece(start, end, 'a processing instruction')),
    ondeclaration: (start, end) => sink.declaration(piece(start, end, 'a declaration')),
    onend: () => undefined,
    isInForeignContext: () => foreign,
  }
  const tokenizer = new Tokenizer({ xmlMode: mode === 'xml', decodeEntities: true }, callbacks)
  return {
    write: (text) => {
      recent.push(text)
      tokenizer.write(text)
    },
    end: () => tokenizer.end(),
  }
}
