import { isUtf8 } from 'node:buffer'

/** 0x80 to 0xFF of IBM code page 437, in which names are that do not say otherwise (APPNOTE 6.3.10, appendix D). */
const upperHalf =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0'

const ascii = /^[\x00-\x7F]*$/

/**
 * The text of a name, of which `raw` has a character for each byte. UTF-8 wherever the bytes are: macOS and many others
 * write it without saying so. Whatever else it may be (Shift_JIS, GBK, Windows-1252) is not said anywhere.
 */
export function nameFrom(raw: string): string {
  if (ascii.test(raw)) return raw
  const bytes = Buffer.from(raw, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return raw.replace(/[\x80-\xFF]/g, (byte) => upperHalf.charAt(byte.charCodeAt(0) - 0x80))
}

/** Whether the bytes of a name are not UTF-8, so that each reader decodes them in its own way. */
export function isUndecided(raw: string): boolean {
  return !ascii.test(raw) && !isUtf8(Buffer.from(raw, 'latin1'))
}

/**
 * Whether two spellings of a name, one of them in an old character set, can be of one file: the same folders and the
 * same ending wherever both are ASCII. What an old set cannot say becomes `?`, `_` or `#U4E2D`.
 */
export function isSameName(header: string, unicode: string): boolean {
  if (header === unicode) return true
  const ours = header.split('/')
  const theirs = unicode.split('/')
  return ours.length === theirs.length && theirs.every((segment, index) => isSameSegment(ours[index] ?? '', segment))
}

function isSameSegment(header: string, unicode: string): boolean {
  if (ascii.test(unicode)) return header === unicode
  return endingOf(header) === endingOf(unicode)
}

/** The extension; null where it has none, or one that is not ASCII. */
function endingOf(segment: string): string | null {
  return /\.([\x21-\x2D\x30-\x7E]+)$/.exec(segment)?.[1] ?? null
}
