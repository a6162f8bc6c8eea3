import { type FileTypeId, fileType } from '../file-types/catalogue.ts'

/** Titles that take no article: "content is CSV". */
const uncountable =
  /^(?:text|data)\b|(?:text|data|metadata|information|audio|media|video|JSON|YAML|CSV|TSV|JavaScript|contents?)$/
/** Initials that are read as letters, the first of which sounds like a vowel: "an RTF document", but "a RAR archive". */
const spelled = /^(?!RAR\b|HEIC\b|SYLK\b|LHA\b|ROM\b|MIDI\b|LIB\b)[AEFHILMNORSX8][A-Z0-9]+\b|^xz\b/
const vowel = /^[aeio]|^[AEIO][a-z]/

/** "a PNG image", "an HTML page", "plain text". */
export function withArticle(title: string): string {
  if (uncountable.test(title)) return title
  return `${spelled.test(title) || vowel.test(title) ? 'an' : 'a'} ${title}`
}

/** "one, two or three". */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

/** The accepted types for people: "JPEG or PNG image, or PDF". */
export function titlesOf(types: readonly FileTypeId[] | 'any'): string {
  if (types === 'any') return 'any type of file that is no program'
  const byNoun = new Map<string, string[]>()
  for (const { title } of types.map(fileType)) {
    const space = title.lastIndexOf(' ')
    const noun = title.slice(space + 1)
    byNoun.set(noun, [...(byNoun.get(noun) ?? []), title.slice(0, Math.max(space, 0))])
  }
  const groups = [...byNoun].map(([noun, kinds]) => `${either(kinds)} ${noun}`.trim())
  return groups.length < 2 ? groups.join('') : `${groups.slice(0, -1).join(', ')}, or ${groups.at(-1)}`
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** "25 MiB", "1.5 KiB", "999 bytes". */
export function sizeInWords(bytes: number): string {
  if (bytes === 1) return '1 byte'
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${Number(size.toFixed(2))} ${units[unit]}`
}

/** "1 file", "2 files"; `many` where it is no noun with an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
