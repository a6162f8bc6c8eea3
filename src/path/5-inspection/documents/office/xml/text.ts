/** Declared encodings in which markup is ASCII (what is not UTF-8 occurs in files of small converters). */
const asciiLike = /^(?:utf-?8|us-ascii|ascii|iso-8859-\d+|latin1|windows-125\d)$/i

/**
 * The text of an XML part for scanning: one character for each byte where markup is ASCII (`decoded` reads values), and
 * decoded where it is UTF-16. Null where it is in another encoding: parts are UTF-8 or UTF-16 (ECMA-376-2 §8.1.4), and
 * in another one readers see other markup than a scan does.
 */
export function xmlText(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return asciiText(bytes.subarray(3))
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0x3c && bytes[1] === 0))
    return wideText(bytes, 'utf-16le')
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] === 0x3c))
    return wideText(bytes, 'utf-16be')
  return asciiText(bytes)
}

function asciiText(bytes: Buffer): string | null {
  const declared = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']*)["']/.exec(bytes.toString('latin1', 0, 300))?.[1]
  if (declared !== undefined && !asciiLike.test(declared)) return null
  return bytes.toString('latin1')
}

function wideText(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): string | null {
  // Four bytes for a character would read as UTF-16 with NULs.
  if (bytes[2] === 0 && bytes[3] === 0) return null
  return new TextDecoder(encoding).decode(bytes)
}

const named = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** What a reader makes of a value or text that `scanXml` found: bytes as UTF-8, references resolved. */
export function decoded(raw: string): string {
  // oxlint-disable-next-line no-control-regex
  const text = /^[\0-\x7F]*$|[^\0-\xFF]/.test(raw) ? raw : Buffer.from(raw, 'latin1').toString('utf8')
  return text.includes('&') ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, reference) : text
}

function reference(
  whole: string,
  hex: string | undefined,
  decimal: string | undefined,
  name: string | undefined,
): string {
  if (name !== undefined) return named.get(name) ?? whole
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole
}
