import { type Bytes, pieces } from '../bytes.ts'
import { shown } from '../shown.ts'
import type { MarkupKind } from './element.ts'
import { control, type TextEncoding } from './text-encoding.ts'

/** The encodings in which readers may decode a file, as WHATWG labels; the likeliest first. */
export interface ReaderEncodings {
  readonly encodings: readonly string[]
  /** A clause about a declaration that contradicts the bytes; null where none does. */
  readonly conflict: string | null
  /** A clause about a declared encoding that some readers know and we do not; null where there is none. */
  readonly unreadable: string | null
}

/** Where declarations are looked for. Browsers look at 1024 bytes, or later for as long as they read. */
const start = 4096

/** Encodings whose multi-byte characters hold bytes that are letters or brackets in ASCII. */
const multiByte = new Set(['shift_jis', 'gbk', 'gb18030', 'big5', 'euc-jp', 'euc-kr', 'iso-2022-jp'])

/** Labels that WHATWG does not know, of encodings that have ASCII at its places. */
const likeAscii =
  /^(?:cp|ibm|windows|ms|mac|x-|iso|us-|ansi|tis|koi|latin|l\d|hp|dos|pc|viscii|tcvn|roman|georgian|armscii|utf-?8|utf8|ascii|none|binary)/
const ebcdic =
  /ebcdic|^(?:cp|ibm|x-ibm)-?0*(?:37|27[0-9]|28[0-9]|290|297|42[0-4]|500|83[3-8]|87[01]|88[0]|905|918|924|93[0-9]|102[56]|1047|1112|112[23]|11[34]\d)\b/

export function readerEncodings(bytes: Bytes, kind: MarkupKind, { nearest }: TextEncoding): ReaderEncodings {
  const encodings = new Set<string>([nearest])
  let conflict: string | null = null
  let unreadable: string | null = null
  // A byte order mark outranks every declaration.
  const labels = nearest.startsWith('utf-16') || hasMark(bytes) ? [] : declared(bytes, kind)
  for (const label of labels) {
    const encoding = encodingOf(label)
    if (encoding === null) unreadable ??= unreadableLabel(label, kind)
    else if (encoding.startsWith('utf-16'))
      conflict ??= `it declares ${shown(label)}, but has one byte for each character`
    else if (multiByte.has(encoding)) encodings.add(encoding)
  }
  // Browsers take escape sequences for Japanese where nothing is declared.
  if (kind !== 'xml' && hasEscape(bytes)) encodings.add('iso-2022-jp')
  return { encodings: [...encodings].slice(0, 3), conflict, unreadable }
}

/** The encoding that a file declares first, where all of it is valid text in it; else null. */
export function validDeclaration(bytes: Bytes, kind: MarkupKind): string | null {
  const encoding = encodingOf(declared(bytes, kind)[0] ?? '')
  if (encoding === null || encoding.startsWith('utf-16')) return null
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for (const [at, piece] of pieces(bytes)) {
      if (control.test(decoder.decode(piece, { stream: at + piece.length < bytes.size }))) return null
    }
    return encoding
  } catch {
    return null
  }
}

/** The encoding that a reader of XML takes; null where we cannot read it. */
export function xmlEncoding(bytes: Bytes, { nearest }: TextEncoding): string | null {
  if (nearest.startsWith('utf-16') || hasMark(bytes)) return nearest
  const [label] = declared(bytes, 'svg')
  const encoding = label === undefined ? nearest : encodingOf(label)
  return encoding?.startsWith('utf-16') === true ? nearest : encoding
}

function declared(bytes: Bytes, kind: MarkupKind): string[] {
  const text = bytes.read(0, start).toString('latin1')
  const inXml = /^\s*<\?xml\s[^>]{0,300}?encoding\s{0,20}=\s{0,20}["']([a-z][\w.-]{0,60})["']/i.exec(text)?.[1]
  const inHtml =
    kind !== 'html'
      ? []
      : Array.from(text.matchAll(/charset\s{0,20}=\s{0,20}["']?([\w.:+-]{1,60})/gi), ([, label = '']) => label)
  return [...(inXml === undefined ? [] : [inXml]), ...inHtml].map((label) => label.toLowerCase())
}

function encodingOf(label: string): string | null {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}

/** Browsers ignore labels that they do not know, UTF-7 among them; readers of XML may know more. */
function unreadableLabel(label: string, kind: MarkupKind): string | null {
  const other = /utf-?7|^hz|^iso-2022/.test(label) || ebcdic.test(label) || (kind !== 'html' && !likeAscii.test(label))
  return other ? `it declares the encoding ${shown(label)}, in which some readers see other markup` : null
}

function hasMark(bytes: Bytes): boolean {
  return bytes.read(0, 3).toString('hex') === 'efbbbf'
}

function hasEscape(bytes: Bytes): boolean {
  return pieces(bytes).some(([, piece]) => piece.includes(0x1b))
}
