import { codeAt, isLetter, isOpen, isSpace } from './code-text.ts'

/** What PHP code that does harm has in it; tags alone occur in palettes, glyphs and tables by chance. */
const phpWords =
  /\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES|SESSION|ENV)\b|\b(?:eval|assert|system|(?:shell_|curl_)?exec|passthru|popen|proc_open|phpinfo|base64_decode|file_(?:get|put)_contents|fopen|fwrite|move_uploaded_file|create_function|call_user_func\w*|preg_replace|array_map|usort|gzinflate|str_rot13|print_r|var_dump|getenv|readfile|highlight_file|show_source|scandir|unlink)\s*\(|\b(?:echo|print|(?:include|require)(?:_once)?)\s*["'$(]|^\s*`[^`]{2,}`\s*;?\s*$/i

/** The same for ASP and JSP, where a tag says what it is or code of the platform follows. */
const pageWords =
  /^@\s*(?:page|language|import|include|taglib|webhandler|webservice|control|master|assembly|codepage)\b|\b(?:eval|execute(?:global)?)\s*[("]|\b(?:request|response|server|session|runtime|system|java|javax)\s*[.(]|getparameter|getruntime|processbuilder|createobject/i

/** Calls of what a variable or an expression names, which need no word of PHP. */
const phpCalls = /\$\w+\s*\(|[)\]'"]\s*\(|\$\{/
/** Printable bytes without which these are chance. */
const leastCode = 16

/**
 * PHP's own tag, which needs white space behind it; then text, or 64 bytes without controls, which may stand in a string
 * or comment only: some 46 bits in all, so that compressed data has one by chance in 10^13 to 10^14 bytes.
 */
export function isPhp(window: Buffer, at: number): boolean {
  if (!isLetter(window[at + 2], 'p') || !isLetter(window[at + 3], 'h') || !isLetter(window[at + 4], 'p')) return false
  if (!isSpace(window[at + 5])) return false
  const behind = window.toString('latin1', at + 6, at + 70)
  return /^[\t\r\n -~]{1,7}$|^[\t\r\n -~]{8}|^[^\0-\x08\x0e-\x1f\x7f]*?(?:["'`#]|\/[/*]|<<<)|^[^\0-\x08\x0e-\x1f\x7f]{64}/.test(
    behind,
  )
}

/** The tags without a name: the one that prints, and the one that php.ini may switch on. */
export function isShortPhp(window: Buffer, at: number): boolean {
  const third = window[at + 2]
  if ((third !== 0x3d && !isSpace(third)) || isOpen(window, at, '<?', '?>')) return false
  const code = codeAt(window, at + 3, '?>')
  return phpWords.test(code) || (code.length >= leastCode && phpCalls.test(code))
}

/** Tags of ASP and JSP. */
export function isServerPage(window: Buffer, at: number): boolean {
  return !isOpen(window, at, '<%', '%>') && pageWords.test(codeAt(window, at + 2, '%>'))
}

export function isHtmlScript(window: Buffer, at: number): boolean {
  return isLetter(window[at + 2], 'c') && /^<script[\s>/]/i.test(window.toString('latin1', at, at + 8))
}

/** ASCII85 data of a PDF is all printable, and has the tag by chance; it has no spaces, and seldom a word of PHP. */
const notAscii85 = /[ \t]|\?>/

/** Strings and comments, in which parentheses do not count. */
const withoutCode = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\*.*?(?:\*\/|$)|(?:#|\/\/)[^\r\n]*/gs

/**
 * PHP in a PDF, where text may stand as it is, in parentheses: what would not compile, because the parentheses are
 * escaped or end before the tag does, is text about PHP.
 */
export function isPhpInPdf(window: Buffer, at: number): boolean {
  if (!isPhp(window, at) || isOpen(window, at, '<?', '?>')) return false
  const text = window.toString('latin1', at + 5, at + 261)
  const end = text.indexOf('?>')
  const code = (end < 0 ? text : text.slice(0, end + 2)).replace(withoutCode, '""')
  return (
    (notAscii85.test(code) || phpWords.test(code) || phpCalls.test(code)) && !/\\[()]/.test(code) && !closesEarly(code)
  )
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
