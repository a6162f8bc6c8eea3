import type { Subject } from '../../../inspector.ts'
import { measureDocument } from '../document-facts.ts'
import { scanXml } from '../xml/scan.ts'
import { decoded } from '../xml/text.ts'

const textOf = new Set(['Application', 'AppVersion', 'Pages', 'Slides'])

/** Records what "docProps/app.xml" says (ECMA-376-1 §22.2). */
export function readProperties(subject: Subject, text: string): void {
  const found = new Map<string, string>()
  scanXml(text, {
    textOf,
    open: () => undefined,
    text: (name, piece) => {
      if (piece.trim() !== '') found.set(name, decoded(piece.slice(0, 200)).trim())
    },
  })
  const pages = found.get('Slides') ?? found.get('Pages')
  const producer = [found.get('Application'), found.get('AppVersion')].filter((word) => word !== undefined).join(' ')
  measureDocument(subject, { pages: pages === undefined ? null : Number(pages), version: 'OOXML', producer })
}
