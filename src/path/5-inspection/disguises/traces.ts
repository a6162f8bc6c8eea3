import { fileType } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import { isElf, isPhar, isPortableExecutable, isRar, isSevenZip } from './programs-inside.ts'
import type { Judge, Trace } from './search.ts'
import { isHtmlScript, isPhp, isPhpInPdf, isServerPage, isShortPhp } from './server-script.ts'

function code(needle: string, words: string, is: Judge): Trace {
  return { rule: 'file.disguise.code', words, needle, is }
}

function archive(needle: string, words: string, is: Judge): Trace {
  return { rule: 'file.disguise.polyglot', words, needle, is }
}

const php = code('<?', 'PHP code begins', isPhp)
const phar = code('__HALT', 'the data of a PHP archive begins', isPhar)

/** What no picture, sound, film, font or PDF has in it. */
const foreign: readonly Trace[] = [
  phar,
  code('PE\0\0', 'the header of a Windows program stands', isPortableExecutable),
  code('\x7fELF', 'a Linux program begins', isElf),
  archive('Rar!\x1a\x07', 'a RAR archive begins', isRar),
  archive('7z\xbc\xaf\x27\x1c', 'a 7-Zip archive begins', isSevenZip),
]
const media: readonly Trace[] = [
  code('<?', 'PHP code begins', (window, at) => isPhp(window, at) || isShortPhp(window, at)),
  code('<%', 'ASP or JSP code begins', isServerPage),
  ...foreign,
]
const image: readonly Trace[] = [
  ...media,
  ...['<s', '<S'].map((needle) => code(needle, 'an HTML script begins', isHtmlScript)),
]

/**
 * A PDF may show text about servers, and ASCII85 makes short tags by chance, so that only PHP counts, and only where it
 * would run.
 */
const pdf: readonly Trace[] = [code('<?', 'PHP code begins', isPhpInPdf), ...foreign]

/** Data of unknown kind may have programs in it, as firmware and memory dumps do. */
const unknown: readonly Trace[] = [php, phar]

/** Detection reads both ends of a text; a server would run what stands in the middle as well. */
const text: readonly Trace[] = [php]

/** What is looked for in all bytes of a file. Archives, documents and databases hold any text as their content. */
export function tracesFor({ type }: DetectedType): readonly Trace[] {
  if (type === null) return unknown
  if (type === 'pdf') return pdf
  const { family, kind } = fileType(type)
  if (family === 'program') return []
  if (kind === 'text' || kind === 'name') return text
  if (family === 'image') return image
  return ['audio', 'video', 'font'].includes(family) ? media : []
}
