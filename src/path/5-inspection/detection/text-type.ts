import { type FileTypeId, fileType } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import { headLength } from './ends.ts'
import { launcherType } from './launcher-text.ts'
import { afterComments, rootElement } from './prolog.ts'

/** Elements at the very beginning that make browsers read text as HTML (WHATWG MIME Sniffing, §7.1). */
const htmlStart =
  /^<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|form|img|object|embed|meta|link|base)[\s>/]/i

/** Elements and attributes that run code wherever a lenient browser meets them. */
const htmlCode = /<(?:!doctype html|html|script|iframe|object|embed|body)[\s>/]|<[a-z][^<>]*\son[a-z]+\s*=/i

/** PHP anywhere: the long tag, the echo tag, and the short one that php.ini may switch on. */
const php = /<\?(?:php\b|=|\s)/i

const serverPage = /<%@|<%=?\s|<jsp:/i

const mailHeader =
  /^(?:received|return-path|delivered-to|message-id|mime-version|from|to|cc|subject|date|reply-to|dkim-signature|x-[\w-]{1,60}|arc-[\w-]{1,60}|content-[\w-]{1,60}):/i

/** Detectors in order of precedence; the first that is sure gives the type. */
const detectors: readonly (readonly [FileTypeId, (text: string, size: number) => boolean])[] = [
  ['rtf', (text) => text.startsWith('{\\rtf')],
  ['svg', (text) => rootElement(text) === 'svg'],
  ['html', (text) => beginsAsHtml(text) || rootElement(text) === 'html'],
  ['jsp', (text) => serverPage.test(text)],
  ['xml', (text) => isXml(text)],
  ['json', isJson],
  ['ics', (text) => /^begin:vcalendar\s/i.test(text)],
  ['vcf', (text) => /^begin:vcard\s/i.test(text)],
  ['eml', isMail],
  ['html', (text) => htmlCode.test(text)],
]

/** How far browsers look for the beginning of a page (WHATWG MIME Sniffing, §5.2). */
export const htmlSniffed = 1445

/** Whether browsers that go by the first bytes show it as a page. */
export function beginsAsHtml(text: string): boolean {
  return htmlStart.test(afterComments(text))
}

/** The most specific type that a text is surely of; plain text where it is none in particular. */
export function textType(text: string, size: number): DetectedType {
  const start = text.trimStart()
  const type = runs(start) ?? detectors.find(([, matches]) => matches(start, size))?.[0] ?? 'txt'
  return { type, description: type === 'txt' ? 'text' : fileType(type).title }
}

/** What a server or a desktop would run, before anything that only shows. */
function runs(text: string): FileTypeId | null {
  if (php.test(text)) return 'php'
  return text.startsWith('#!') ? 'script' : launcherType(text)
}

function isXml(text: string): boolean {
  return /^<\?xml\s/i.test(text) || (rootElement(text) !== null && text.trimEnd().endsWith('>'))
}

/** How a value begins (RFC 8259 §3). */
const jsonStart = /^(?:[{["]|-?\d|true|false|null)/

/** Parsed where all of it is at hand; else judged by its first and last characters. */
function isJson(text: string, size: number): boolean {
  if (size > headLength) return /^(?:\{\s*["}]|\[\s*["{[\d\]tfn-])/.test(text) && /[}\]]\s*$/.test(text)
  if (!jsonStart.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Two header lines at the very beginning, at least one of which only mail has. */
function isMail(text: string): boolean {
  if (!mailHeader.test(text)) return false
  const lines = text
    .slice(0, 4000)
    .split(/\r?\n/)
    .filter((line) => !/^[ \t]/.test(line))
    .slice(0, 3)
  const mail = /^(?:received|return-path|delivered-to|message-id|mime-version|from|dkim-signature|arc-|x-)/i
  return lines.slice(0, 2).every((line) => mailHeader.test(line)) && lines.some((line) => mail.test(line))
}
