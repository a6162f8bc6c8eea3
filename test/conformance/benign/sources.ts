import { packers, zipLibraries } from './archives.ts'
import { cameras } from './cameras.ts'
import { imageMagick } from './images.ts'
import { libreOffice } from './office.ts'
import { debianFiles, nodeModuleFiles } from './packages.ts'
import { cairo, chromiumPrint, ghostscript, qpdf, reportLab } from './pdfs.ts'
import { sox } from './sound.ts'
import type { Source } from './source.ts'

/** All sources of files that nobody may refuse. */
export const sources: readonly Source[] = [
  debianFiles,
  nodeModuleFiles,
  libreOffice,
  imageMagick,
  cameras,
  ghostscript,
  cairo,
  qpdf,
  chromiumPrint,
  reportLab,
  packers,
  zipLibraries,
  sox,
]
