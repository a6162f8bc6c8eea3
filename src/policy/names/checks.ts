import type { RuleId } from '../../problems/catalogue.ts'
import { ambiguitiesOf, byteLength, longestName, withoutEnd } from './canonical.ts'
import { extensionOf, fold } from './extensions.ts'
import { hasOpenReference } from './references.ts'

/** The rules about a file name alone, all of which rewriting can satisfy. */
export type NameRule = Extract<RuleId, `file.name.${string}`>

export interface NameDefect {
  readonly rule: NameRule
  readonly failed: string
  readonly expected?: string
}

/** Rules about what backends read differently: a name that breaks one is never released as it is, in any mode. */
const canonicalRules = new Set<NameRule>(['file.name.characters', 'file.name.path', 'file.name.trailing'])

const device = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com\d|lpt\d)$/
const serverFiles = new Set([
  'web.config',
  'php.ini',
  'user.ini',
  'desktop.ini',
  'autorun.inf',
  'global.asax',
  'applicationhost.config',
  'crossdomain.xml',
  'clientaccesspolicy.xml',
])

/** Characters with a dot in their compatibility form: small and fullwidth dots, numbers and abbreviations with dots. */
const dotted = /[\u2024\u2488-\u249B\u33C2\u33D8\uFE52\uFF0E]/
/** Ordinary punctuation, although its compatibility form is made of dots. */
const ellipses = /[\u2025\u2026\uFE19]/g

/** Look-alikes of slash and backslash that best-fit conversions turn into them, though Unicode does not. */
const lookalike = /[\u2044\u2215\u2216\u29F5\u29F8\u29F9]/

function path(name: string): string | null {
  if (/[/\\]/.test(name)) return 'the name has a slash or backslash'
  if (/^[a-z]:/i.test(name)) return 'the name begins with a drive'
  return name === '.' || name === '..' ? 'the name is a dot segment' : null
}

function characters(name: string): string | null {
  const found = ambiguitiesOf(name.trimEnd()).filter((words) => words !== 'a backslash')
  if (hasOpenReference(name) && !found.includes('a character reference')) found.push('a character reference')
  return found.length === 0 ? null : `the name has ${found.join(', ')}`
}

function bidi(name: string): string | null {
  return /[\u202A-\u202E\u2066-\u2069]/.test(name) ? 'the name overrides its reading direction' : null
}

/** Defects that are not in the name but in what compatibility normalisation makes of it. */
function form(name: string): string | null {
  if (lookalike.test(name)) return 'the name has a character that looks like a slash'
  const normal = name.normalize('NFKC')
  if (path(normal) !== null && path(name) === null) return 'the name has a character that stands for a slash'
  if (characters(normal.trim()) !== null && characters(name) === null)
    return 'the name has a character that stands for a quote or an escape'
  if (dotted.test(name)) return 'the name has a character that stands for a dot'
  const plain = name.replace(ellipses, '_')
  return extensionOf(fold(plain)) === extensionOf(plain) ? null : 'the extension has look-alike or invisible characters'
}

function reserved(name: string): string | null {
  if (/(?:^|[/\\])\p{Default_Ignorable_Code_Point}*\.+[^./\\]/u.test(name)) return 'the name begins with a dot'
  for (const segment of fold(name).split(/[/\\]/)) {
    if (serverFiles.has(withoutEnd(segment))) return 'the name is that of a server configuration file'
    if (device.test(/^[^.:]*/.exec(segment)?.[0].trimEnd() ?? '')) return 'the name is that of a Windows device'
  }
  return null
}

/** A colon between digits is a time of day ("10:15"); any other is a stream or a drive to Windows. */
function stream(name: string): string | null {
  return /(?<!\d):|:(?!\d)/.test(name) ? 'the name has a colon' : null
}

function trailing(name: string): string | null {
  return /[.\s]$/.test(name) && path(name) !== 'the name is a dot segment' ? 'the name ends in a dot or space' : null
}

const checks: readonly (readonly [NameRule, (name: string) => string | null])[] = [
  ['file.name.path', path],
  ['file.name.characters', characters],
  ['file.name.bidi', bidi],
  ['file.name.form', form],
  ['file.name.reserved', reserved],
  ['file.name.stream', stream],
  ['file.name.trailing', trailing],
]

/** What most names are like: nothing in them that a rule other than `reserved` and the length could be about. */
const plain = /^[A-Za-z0-9](?:[A-Za-z0-9_ -]*[A-Za-z0-9_-])?(?:\.[A-Za-z0-9_-]+)*$/
const plainChecks = checks.filter(([, check]) => check === reserved)

/** UTF-8 has at most three bytes for each UTF-16 unit. */
const mostBytes = 3

function tooLong(name: string, length: number): NameDefect[] {
  if (name.length * mostBytes <= length) return []
  const bytes = byteLength(name)
  if (bytes <= length) return []
  return [
    { rule: 'file.name.length', failed: `the name has ${bytes} bytes`, expected: `at most ${length} bytes of UTF-8` },
  ]
}

/** All that is wrong with a name apart from executable extensions; `length` is the policy's limit in bytes of UTF-8. */
export function nameDefects(name: string, length: number): NameDefect[] {
  const defects = (plain.test(name) ? plainChecks : checks).flatMap(([rule, check]) => {
    const failed = check(name)
    return failed === null ? [] : [{ rule, failed }]
  })
  return [...defects, ...tooLong(name, Math.min(length, longestName))]
}

/** Whether backends would read a different name, so that it must not be released as it is whatever the policy says. */
export function isAmbiguousName(name: string): boolean {
  return byteLength(name) > longestName || nameDefects(name, longestName).some(({ rule }) => canonicalRules.has(rule))
}
