import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flatDocument, flatPresentation, flatWorkbook } from './flat-documents.ts'
import { filesIn, run, type Source } from './source.ts'

/** Files to convert, and to what. */
const conversions: readonly (readonly [sources: readonly string[], format: string])[] = [
  [['text.fodt', 'table.fods', 'slides.fodp'], 'pdf'],
  [['text.fodt'], 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'],
  [['text.fodt'], 'docx'],
  [['text.fodt'], 'odt'],
  [['text.fodt'], 'doc'],
  [['text.fodt'], 'rtf'],
  [['text.fodt'], 'epub'],
  [['table.fods'], 'xlsx'],
  [['table.fods'], 'ods'],
  [['table.fods'], 'xls'],
  [['table.fods'], 'csv'],
  [['slides.fodp'], 'pptx'],
  [['slides.fodp'], 'odp'],
  [['slides.fodp'], 'ppt'],
]

export const libreOffice: Source = {
  title: 'LibreOffice',
  needs: [
    '/usr/bin/soffice',
    '/usr/lib/libreoffice/program/libswlo.so',
    '/usr/lib/libreoffice/program/libsclo.so',
    '/usr/lib/libreoffice/program/libsdlo.so',
  ],
  packages: 'libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui',
  collect: async (directory) => {
    await writeFile(join(directory, 'text.fodt'), flatDocument())
    await writeFile(join(directory, 'table.fods'), flatWorkbook())
    await writeFile(join(directory, 'slides.fodp'), flatPresentation())
    for (const [index, [sources, format]] of conversions.entries()) {
      const target = format.includes(':') ? join(directory, `${index}`) : directory
      await convert(directory, format, target, sources)
    }
    const formats = ['docx', 'odt', 'doc', 'rtf', 'epub', 'xlsx', 'ods', 'xls', 'csv', 'pptx', 'odp', 'ppt', 'pdf']
    return [...filesIn(directory, ...formats), ...filesIn(join(directory, '1'), 'pdf')]
  },
}

async function convert(directory: string, format: string, target: string, sources: readonly string[]): Promise<void> {
  const profile = `-env:UserInstallation=file://${directory}/profile`
  await run(directory, 'soffice', profile, '--headless', '--convert-to', format, '--outdir', target, ...sources)
}
