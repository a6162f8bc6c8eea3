import type { FileTypeId } from '../../file-types/catalogue.ts'
import { eicar } from '../../path/5-inspection/scanners/probe/eicar.ts'
import { type DocxOptions, docx } from './docx.ts'
import { gif, jpeg, type PixelOptions, png } from './images.ts'
import { gzip, tar, type ZipOptions, zipArchive } from './packed.ts'
import { type PdfOptions, pdf } from './pdf.ts'
import { exe } from './program.ts'
import { csv, html, svg, txt } from './texts.ts'

/** All that the makers can be asked for. */
export interface SampleOptions extends PixelOptions, PdfOptions, DocxOptions, ZipOptions {
  readonly formulas?: boolean | undefined
  readonly script?: boolean | undefined
}

/** How one kind of sample file is made, and what can be asked of it. */
interface Maker {
  readonly options: readonly (keyof SampleOptions)[]
  readonly make: (options: SampleOptions) => Buffer
  /** What it is made as; null for the test file of scanners, which is no type of its own. */
  readonly type: FileTypeId | null
}

/** Every kind of file that suites can have made: small, sound, and harmless whatever it looks like. */
const makers = {
  png: { type: 'png', options: ['size', 'width', 'height'], make: png },
  jpeg: { type: 'jpeg', options: ['size'], make: jpeg },
  gif: { type: 'gif', options: ['size'], make: gif },
  pdf: { type: 'pdf', options: ['size', 'javascript', 'launch', 'embedded', 'encrypted'], make: pdf },
  docx: { type: 'docx', options: ['macros', 'external'], make: docx },
  csv: { type: 'csv', options: ['formulas'], make: csv },
  txt: { type: 'txt', options: ['size'], make: txt },
  html: { type: 'html', options: ['script'], make: html },
  svg: { type: 'svg', options: ['script'], make: svg },
  zip: { type: 'zip', options: ['members', 'bomb', 'depth', 'encrypted'], make: zipArchive },
  tar: { type: 'tar', options: ['members'], make: tar },
  gzip: { type: 'gzip', options: [], make: gzip },
  exe: { type: 'exe', options: [], make: exe },
  eicar: { type: null, options: [], make: () => eicar },
} as const satisfies Readonly<Record<string, Maker>>

export type SampleKind = keyof typeof makers

export const sampleKinds = Object.freeze(Object.keys(makers)) as readonly [SampleKind, ...SampleKind[]]

export function makerOf(kind: SampleKind): Maker {
  return makers[kind]
}
