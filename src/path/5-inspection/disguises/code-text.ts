/** Bytes of code that are judged behind a tag, and in which an earlier tag makes a later one part of its code. */
const reach = 128

const unprintable = 0
const printable = 1
const punctuation = 2

/** What each byte is; code that does something has a bracket, a variable, a string, or the at sign of a page. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (!/[\t\r\n -~]/.test(character)) return unprintable
  return /[$(`."@]/.test(character) ? punctuation : printable
})

export function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9
}

export function isLetter(byte: number | undefined, lower: string): boolean {
  return byte !== undefined && (byte | 0x20) === lower.charCodeAt(0)
}

/** Printable text behind a tag, up to the tag that closes it; empty where it has nothing that makes it code. */
export function codeAt(window: Buffer, at: number, close: string): string {
  const [first, second] = [close.charCodeAt(0), close.charCodeAt(1)]
  const most = Math.min(at + reach, window.length)
  let end = at
  let punctuated = false
  for (; end < most; end += 1) {
    const byte = window[end] ?? 0
    const kind = kinds[byte]
    if (kind === unprintable || (byte === first && window[end + 1] === second)) break
    if (kind === punctuation) punctuated = true
  }
  return punctuated ? window.toString('latin1', at, end) : ''
}

/**
 * Whether another tag of the same kind stands shortly before and is not closed: then this one is in its code, and an error
 * there. Keeps data that is dense with tags from being judged at each of them.
 */
export function isOpen(window: Buffer, at: number, open: string, close: string): boolean {
  const third = kindOfTag(window[at + 2])
  const [first, second, last] = [open.charCodeAt(0), open.charCodeAt(1), close.charCodeAt(1)]
  for (let before = at - 2; before >= 0 && before > at - reach; before -= 1) {
    const byte = window[before]
    if (byte === second && window[before + 1] === last) return false
    if (byte === first && window[before + 1] === second && kindOfTag(window[before + 2]) === third) return true
  }
  return false
}

function kindOfTag(third: number | undefined): number | undefined {
  return isSpace(third) ? 32 : third
}
