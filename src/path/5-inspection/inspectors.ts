import { bzip2Inspector } from './archives/bzip2/bzip2.ts'
import { cabinetInspector } from './archives/cabinet.ts'
import { gzipInspector } from './archives/gzip.ts'
import { diskImageInspector } from './archives/iso/inspector.ts'
import { rarInspector } from './archives/rar/rar.ts'
import { sevenZipInspector } from './archives/seven-zip.ts'
import { tarInspector } from './archives/tar.ts'
import { xzInspector } from './archives/xz/xz.ts'
import { zipInspector } from './archives/zip/inspector.ts'
import { zstdInspector } from './archives/zstd.ts'
import { disguiseInspector } from './disguises/inspector.ts'
import { mailInspector } from './documents/mail/inspector.ts'
import { compoundInspector } from './documents/office/compound/inspector.ts'
import { flatOfficeInspector } from './documents/office/flat-office.ts'
import { odfInspector } from './documents/office/odf/inspector.ts'
import { ooxmlInspector } from './documents/office/ooxml/inspector.ts'
import { rtfInspector } from './documents/office/rtf/inspector.ts'
import { pdfInspector } from './documents/pdf/inspector.ts'
import { imageInspector } from './images/inspector.ts'
import type { Inspector } from './inspector.ts'
import { markupInspector } from './markup/markup-inspector.ts'
import { tableInspector } from './markup/table-inspector.ts'
import { textInspector } from './markup/text-inspector.ts'

/** Every inspector, in the order in which they look. */
export const inspectors: readonly Inspector[] = [
  gzipInspector,
  tarInspector,
  bzip2Inspector,
  zstdInspector,
  cabinetInspector,
  rarInspector,
  sevenZipInspector,
  xzInspector,
  diskImageInspector,
  zipInspector,
  compoundInspector,
  ooxmlInspector,
  odfInspector,
  rtfInspector,
  flatOfficeInspector,
  pdfInspector,
  mailInspector,
  textInspector,
  tableInspector,
  markupInspector,
  imageInspector,
  disguiseInspector,
]
