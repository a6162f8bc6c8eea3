import { type Bytes, pieces } from '../bytes.ts'

/** The text of a file in one encoding (a WHATWG label), window by window; what is not valid becomes U+FFFD. */
export function* decodedText(bytes: Bytes, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding)
  for (const [, piece] of pieces(bytes)) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
