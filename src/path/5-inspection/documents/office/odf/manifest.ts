import { attributeOf } from '../xml/attributes.ts'
import { scanXml } from '../xml/scan.ts'

/** What "META-INF/manifest.xml" says of the members (OpenDocument 1.3, part 2, §4). */
export interface Manifest {
  readonly types: Map<string, string>
  readonly encrypted: Set<string>
}

/** Adds to `manifest`; what is wrong with the text, or null. OpenOffice wrote a document type into it. */
export function readManifest(text: string, { types, encrypted }: Manifest): string | null {
  let path = ''
  return scanXml(
    text,
    {
      open: (name, raw) => {
        if (name === 'file-entry') {
          path = attributeOf(raw, 'full-path') ?? ''
          types.set(path, (attributeOf(raw, 'media-type') ?? '').toLowerCase())
        }
        if (name === 'encryption-data') encrypted.add(path)
      },
    },
    true,
  )
}
