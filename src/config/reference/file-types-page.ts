import { fileType, fileTypeIds } from '../../file-types/catalogue.ts'
import type { Detection, Family } from '../../file-types/file-type.ts'
import { code, page, table } from './markdown.ts'

const detections: Readonly<Record<Detection, string>> = {
  signature: 'signature',
  container: 'members of the container',
  text: 'the text itself',
  name: 'any text',
}

export function fileTypesPage(): string {
  const families = [...new Set(fileTypeIds.map((id) => fileType(id).family))]
  return page(
    'File types',
    'What `files.types` of a policy can name. A file is of a type when its extension, the media type that the client declares ' +
      'and the content that Sluice detects all agree with one row.',
    ...families.flatMap(familySection),
  )
}

function familySection(family: Family): string[] {
  const ids = fileTypeIds.filter((id) => fileType(id).family === family)
  const rows = ids.map((id) => {
    const { title, extensions, mediaTypes, kind } = fileType(id)
    const dotted = extensions.map((extension) => code(`.${extension}`))
    return [code(id), title, dotted.join(' '), mediaTypes.map(code).join(' '), detections[kind]]
  })
  return [`## ${family}`, table(['id', 'what it is', 'extensions', 'declared types', 'told by'], rows)]
}
