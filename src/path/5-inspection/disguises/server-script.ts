/**
 * Tags that a server's interpreter looks for in any bytes. Each judgement fixes 47 bits or more together with its needle,
 * so that chance gives one in 10^14 bytes of compressed data; printable text is counted with 1.4 bits a byte.
 */

/** PHP's own tag, which needs white space behind it; then text, a string or comment, or 64 bytes without controls. */
export function isPhp(from: Buffer): boolean {
  // Most candidates end here, without a string being made.
  if (from.length < 7 || (from.readUInt8(2) | 0x20) !== 0x70) return false
  const text = from.toString('latin1')
  return (
    /^<\?php[ \t\r\n]/i.test(text) &&
    /^[\t\r\n -~]{1,7}$|^[\t\r\n -~]{8}|^\s*(?:["'`#]|\/[/*])|^[^\0-\x08\x0e-\x1f\x7f]{64}/.test(text.slice(6))
  )
}

/** The tags without a name: the one that prints, and the one that php.ini may switch on. */
export function isShortPhp(from: Buffer): boolean {
  if (from.length < 6 || !/^[=\s]$/.test(String.fromCharCode(from.readUInt8(2)))) return false
  const text = from.toString('latin1', 0, 256)
  const code = /^<\?(?:=[\t\r\n -~]{3,200}?\?>|=[\t\r\n -~]{28}|\s[\t\r\n -~]{24})/.exec(text)?.[0]
  return code !== undefined && /[$(`;]/.test(code)
}

/** Tags of ASP and JSP. */
export function isServerPage(from: Buffer): boolean {
  const text = from.toString('latin1', 0, 256)
  const code = /^<%(?:[\t\r\n -~]{16,200}?%>|[\t\r\n -~]{24})/.exec(text)?.[0]
  return code !== undefined && /[(.;="@]/.test(code) && !/^<%[\w ]+%>/.test(code)
}

/** Words of which code that does harm has one; ASCII85 data, which is all printable, has none within reach. */
const phpWord =
  /[ \t]|\?>|\$_[A-Z]|(?:eval|assert|system|exec|passthru|popen|include|require|echo|print|phpinfo|file_|fopen|copy|unlink|base64|call_user|create_function|array_|preg_)/i

/**
 * PHP in a PDF, where text may stand as it is, in parentheses: what would not compile, because the parentheses are
 * escaped or end before the tag does, is text about PHP.
 */
export function isPhpInPdf(from: Buffer): boolean {
  if (!isPhp(from)) return false
  const text = from.toString('latin1', 5)
  const end = text.indexOf('?>')
  const code = (end < 0 ? text : text.slice(0, end + 2)).replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, '""')
  return phpWord.test(code.slice(0, 160)) && !/\\[()]/.test(code) && !closesEarly(code)
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
