/**
 * Tags that a server's interpreter looks for in any bytes. With its needle each judgement fixes 47 bits or more, so that
 * chance gives one in 10^14 bytes of compressed data; a printable byte counts for 1.4 of them.
 */
const unprintable = 0
const printable = 1
const punctuation = 2

/** What each byte is; code has punctuation that words and random letters seldom have. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (!/[\t\r\n -~]/.test(character)) return unprintable
  return /[$(`;.="@]/.test(character) ? punctuation : printable
})

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9
}

/** Printable text from a place on, at most `longest` bytes of it; empty where it has no punctuation of code. */
function codeAt(window: Buffer, at: number, longest: number): string {
  const most = Math.min(at + longest, window.length)
  let end = at
  let punctuated = false
  for (; end < most; end += 1) {
    const kind = kinds[window[end] ?? 0]
    if (kind === unprintable) break
    if (kind === punctuation) punctuated = true
  }
  return punctuated ? window.toString('latin1', at, end) : ''
}

function isLetter(byte: number | undefined, lower: number): boolean {
  return byte !== undefined && (byte | 0x20) === lower
}

/** PHP's own tag, which needs white space behind it; then text, a string or comment, or 64 bytes without controls. */
export function isPhp(window: Buffer, at: number): boolean {
  if (!isLetter(window[at + 2], 0x70) || !isLetter(window[at + 3], 0x68) || !isLetter(window[at + 4], 0x70))
    return false
  if (!isSpace(window[at + 5])) return false
  const behind = window.toString('latin1', at + 6, at + 70)
  return /^[\t\r\n -~]{1,7}$|^[\t\r\n -~]{8}|^\s*(?:["'`#]|\/[/*])|^[^\0-\x08\x0e-\x1f\x7f]{64}/.test(behind)
}

/** The tags without a name: the one that prints, and the one that php.ini may switch on. */
export function isShortPhp(window: Buffer, at: number): boolean {
  const prints = window[at + 2] === 0x3d
  if (!prints && !isSpace(window[at + 2])) return false
  const text = codeAt(window, at + 3, 64)
  const end = text.indexOf('?>')
  const long = prints ? text.length >= 28 || end >= 3 : text.length >= 24
  return long && /[$(`;]/.test(end < 0 ? text : text.slice(0, end))
}

/** Tags of ASP and JSP. A word alone between them is a placeholder, as players write into tags of their own. */
export function isServerPage(window: Buffer, at: number): boolean {
  const first = window[at + 2]
  if (!isSpace(first) && !(first !== undefined && /[@=!a-z]/i.test(String.fromCharCode(first)))) return false
  const text = codeAt(window, at + 2, 96)
  const end = text.indexOf('%>')
  return (text.length >= 24 || end >= 16) && /[(.;="@]/.test(end < 0 ? text : text.slice(0, end))
}

export function isHtmlScript(window: Buffer, at: number): boolean {
  return isLetter(window[at + 2], 0x63) && /^<script[\s>/]/i.test(window.toString('latin1', at, at + 8))
}

/** Words of which code that does harm has one; ASCII85 data, which is all printable, has none within reach. */
const phpWord =
  /[ \t]|\?>|\$_[A-Z]|(?:eval|assert|system|exec|passthru|popen|include|require|echo|print|phpinfo|file_|fopen|copy|unlink|base64|call_user|create_function|array_|preg_)/i

/**
 * PHP in a PDF, where text may stand as it is, in parentheses: what would not compile, because the parentheses are
 * escaped or end before the tag does, is text about PHP.
 */
export function isPhpInPdf(window: Buffer, at: number): boolean {
  if (!isPhp(window, at)) return false
  const text = window.toString('latin1', at + 5, at + 261)
  const end = text.indexOf('?>')
  const code = (end < 0 ? text : text.slice(0, end + 2)).replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, '""')
  return phpWord.test(code) && !/\\[()]/.test(code) && !closesEarly(code)
}

function closesEarly(code: string): boolean {
  let depth = 0
  for (const character of code) {
    if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth < 0) return true
  }
  return false
}
