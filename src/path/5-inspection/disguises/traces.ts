import { fileType } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import { isElf, isPhar, isPortableExecutable, isRar, isSevenZip } from './programs-inside.ts'
import type { Trace } from './search.ts'
import { isPhp, isPhpInPdf, isServerPage, isShortPhp } from './server-script.ts'

type Judge = (from: Buffer) => boolean

function code(needle: string, words: string, is: Judge): Trace {
  return { rule: 'file.disguise.code', needle, meaning: (from) => (is(from) ? words : null) }
}

function second(needle: string, words: string, is: Judge): Trace {
  return { rule: 'file.disguise.polyglot', needle, meaning: (from) => (is(from) ? words : null) }
}

const php = code('<?', 'PHP code begins', isPhp)
const anyPhp = code('<?', 'PHP code begins', (from) => isPhp(from) || isShortPhp(from))
const phar = code('__HALT', 'a PHP archive begins', isPhar)

/** What no picture, sound, film, font or PDF has in it. */
const foreign: readonly Trace[] = [
  phar,
  code('PE\0\0', 'the header of a Windows program stands', isPortableExecutable),
  code('\x7fELF', 'a Linux program begins', isElf),
  second('Rar!\x1a\x07', 'a RAR archive begins', isRar),
  second('7z\xbc\xaf\x27\x1c', 'a 7-Zip archive begins', isSevenZip),
]
const media: readonly Trace[] = [anyPhp, code('<%', 'ASP or JSP code begins', isServerPage), ...foreign]

const isScript: Judge = (from) => /^<script[\s>/]/i.test(from.toString('latin1', 0, 8))
const image: readonly Trace[] = [
  ...media,
  code('<s', 'an HTML script begins', isScript),
  code('<S', 'an HTML script begins', isScript),
]

/**
 * A PDF may show text about servers, and ASCII85 makes short tags by chance, so that only PHP which would run counts; the
 * content of attachments is for those who look into them.
 */
const pdf: readonly Trace[] = [code('<?', 'PHP code begins', isPhpInPdf), ...foreign]

/** Data of unknown kind may have programs in it as firmware and memory dumps do. */
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
