import type { Subject } from '../../../inspector.ts'
import { measureDocument } from '../document-facts.ts'
import { attributeOf } from '../xml/attributes.ts'
import { scanXml } from '../xml/scan.ts'
import { decoded } from '../xml/text.ts'

const textOf = new Set(['generator'])

/** Records what "meta.xml" says (OpenDocument 1.3, part 3, §4.3). */
export function readMeta(subject: Subject, text: string): void {
  let version: string | null = null
  let producer: string | null = null
  let pages: number | null = null
  scanXml(
    text,
    {
      textOf,
      open: (name, raw) => {
        if (name === 'document-meta') version = attributeOf(raw, 'version')
        if (name === 'document-statistic') pages = Number(attributeOf(raw, 'page-count') ?? Number.NaN)
      },
      text: (_, piece) => {
        producer = decoded(piece.slice(0, 200))
      },
    },
    true,
  )
  measureDocument(subject, { pages, version, producer })
}
