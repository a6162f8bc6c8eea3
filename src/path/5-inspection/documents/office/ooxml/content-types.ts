import { attributesOf } from '../xml/attributes.ts'
import { scanXml } from '../xml/scan.ts'
import { partKey } from './relationships.ts'

/** The media type of a part, lower case; empty where "[Content_Types].xml" has none for it (ECMA-376-2 §10.1.2). */
export type ContentTypes = (key: string) => string

export function readContentTypes(text: string): [types: ContentTypes, defect: string | null] {
  const byExtension = new Map<string, string>()
  const byName = new Map<string, string>()
  const defect = scanXml(text, {
    open: (name, raw) => {
      if (name !== 'Default' && name !== 'Override') return
      const attributes = new Map(attributesOf(raw))
      const type = (attributes.get('ContentType') ?? '').trim().toLowerCase()
      if (name === 'Default') byExtension.set((attributes.get('Extension') ?? '').toLowerCase(), type)
      else byName.set(partKey(attributes.get('PartName') ?? ''), type)
    },
  })
  return [(key) => byName.get(key) ?? byExtension.get(key.slice(key.lastIndexOf('.') + 1)) ?? '', defect]
}
