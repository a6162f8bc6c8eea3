import type { ContentRuleId } from '../../../problems/catalogue.ts'
import { type Bytes, memoryBytes } from '../bytes.ts'
import { decodedText } from '../markup/decoded-text.ts'
import type { Findings } from '../markup/findings.ts'
import { readHtml } from '../markup/html-reading.ts'
import { xmlEncoding } from '../markup/reader-encodings.ts'
import { readEncoding } from '../markup/text-encoding.ts'
import { readXml } from '../markup/xml-reading.ts'
import { rebuildSvg } from './rebuild-svg.ts'

/** Larger ones are not rewritten, in bytes. */
const largest = 5 * 1024 * 1024

const telling = new Set<ContentRuleId>([
  'file.markup.script',
  'file.markup.entities',
  'file.markup.expansion',
  'file.markup.structure',
])

/**
 * An SVG in UTF-8 that looks like the one that came and can neither run code nor load anything: written anew from what
 * an XML reader finds, of elements and attributes that are on a list. Giving the result again gives the same.
 * `impossible` where the file is no well-formed SVG, is larger than 5 MiB, or the result is not clean to the inspector.
 */
export async function sanitiseSvg(input: Buffer): Promise<Buffer | 'impossible'> {
  if (input.length > largest) return 'impossible'
  const bytes = memoryBytes(input)
  const encoding = xmlEncoding(bytes, readEncoding(bytes))
  if (encoding === null) return 'impossible'
  const text = rebuildSvg(decodedText(bytes, encoding), input.length)
  const output = text === null ? null : Buffer.from(text)
  return output !== null && isClean(memoryBytes(output)) ? output : 'impossible'
}

function isClean(bytes: Bytes): boolean {
  let clean = true
  const findings: Findings = {
    note: (rule) => {
      if (telling.has(rule)) clean = false
    },
    excess: () => undefined,
  }
  readXml(decodedText(bytes, 'utf-8'), 'svg', bytes.size, findings)
  readHtml(decodedText(bytes, 'utf-8'), 'svg', findings)
  return clean
}
