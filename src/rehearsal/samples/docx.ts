import { zip, zipMember } from './zip.ts'

export interface DocxOptions {
  readonly macros?: boolean | undefined
  /** Whether it loads its template from elsewhere. */
  readonly external?: boolean | undefined
}

const prolog = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const macroProject = 'http://schemas.microsoft.com/office/2006/relationships/vbaProject'
const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'

/** A Word document of one sentence. */
export function docx({ macros = false, external = false }: DocxOptions): Buffer {
  const relationships = [
    ...(macros ? [`<Relationship Id="m" Type="${macroProject}" Target="vbaProject.bin"/>`] : []),
    ...(external
      ? [
          `<Relationship Id="t" Type="${office}/attachedTemplate" Target="http://templates.invalid/a.dotm" TargetMode="External"/>`,
        ]
      : []),
  ]
  const parts: Record<string, string> = {
    '[Content_Types].xml': contentTypes(macros),
    '_rels/.rels': relationshipList([
      `<Relationship Id="d" Type="${office}/officeDocument" Target="word/document.xml"/>`,
    ]),
    'word/document.xml': `${prolog}<w:document xmlns:w="${word}"><w:body><w:p><w:r><w:t>A rehearsal.</w:t></w:r></w:p></w:body></w:document>`,
    'word/_rels/document.xml.rels': relationshipList(relationships),
  }
  if (macros) parts['word/vbaProject.bin'] = 'In the place of a macro project.'
  return zip(Object.entries(parts).map(([name, text]) => zipMember(name, Buffer.from(text))))
}

function contentTypes(macros: boolean): string {
  const kind = macros
    ? 'application/vnd.ms-word.document.macroEnabled.main+xml'
    : 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
  const types = [
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
    `<Default Extension="xml" ContentType="application/xml"/>`,
    ...(macros ? [`<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>`] : []),
    `<Override PartName="/word/document.xml" ContentType="${kind}"/>`,
  ]
  return `${prolog}<Types xmlns="${packages}/content-types">${types.join('')}</Types>`
}

function relationshipList(list: readonly string[]): string {
  return `${prolog}<Relationships xmlns="${packages}/relationships">${list.join('')}</Relationships>`
}
